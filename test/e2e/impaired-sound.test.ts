/** A telephone on the echo line behind a network that is late, loses, disorders and doubles what it sends. */
import { expect, test } from "bun:test";
import type { Status } from "../../src/control/ports.ts";
import type { Impairment } from "../relay/impairment.ts";
import { openRelay, type Relay } from "../relay/relay.ts";
import { type Appliance, removeFolders, startAppliance, until } from "./appliance.ts";
import { startWitness, type Witness } from "./witness.ts";

const hums = 14;
/** Of the hum, until the jitter buffer knows the line. */
const adaptationSeconds = 5;

async function throughRelay(
  rtp: { in?: Impairment; out?: Impairment },
  seed: number,
  run: (witness: Witness, appliance: Appliance, relay: Relay) => Promise<void>,
): Promise<void> {
  const appliance = await startAppliance({ set: ['lines=[{number="echo",kind="echo"}]'] });
  const relay = await openRelay({ target: appliance.sip, seed, rtp });
  try {
    const witness = await startWitness({ sip: relay.sip }, hums, adaptationSeconds);
    await until("the hum is over", () => !witness.humming(), (hums + 10) * 1_000);
    await run(witness, appliance, relay);
    await witness.hangUp();
    await until("no call left", async () => (await appliance.cli<Status>("status")).sip.dialogs === 0);
  } finally {
    relay.close();
    await appliance.stop();
    removeFolders(appliance.folders);
  }
}

test("50 ms of jitter towards us: after 5 s what comes back is whole", async () => {
  await throughRelay({ in: { jitterMs: 50 } }, 1, async (witness, appliance) => {
    const { came, hummed, longestSendGapMs } = witness.shares();
    console.log(`50 ms of jitter: ${JSON.stringify({ came, hummed, longestSendGapMs })}`);
    witness.expectUndisturbed();
    expect((await appliance.cli<Status>("status")).media.dropped).toEqual({});
  });
}, 60_000);

test("10 % loss both ways, disorder, doubles: the call goes on, and most of it comes through", async () => {
  const bad: Impairment = { lossShare: 0.1, reorderShare: 0.05, doubleShare: 0.05, jitterMs: 20 };
  await throughRelay({ in: bad, out: bad }, 2, async (witness, appliance, relay) => {
    const { came, hummed } = witness.shares();
    console.log(`10 % loss: ${JSON.stringify({ came, hummed, rtp: relay.counts.rtp })}`);
    expect(came).toBeWithin(0.8, 1.1);
    expect(hummed).toBeGreaterThan(0.8);
    const { sip, media } = await appliance.cli<Status>("status");
    expect([sip.dialogs, media.calls]).toEqual([1, 1]);
  });
}, 60_000);
