// needs: sipp
/** Calls over a network that loses a quarter of everything; `bun test/relay/sipp-loss.ts` is the same with more of them. */
import { expect, test } from "bun:test";
import type { Status } from "../../src/control/ports.ts";
import { openRelay } from "../relay/relay.ts";
import { callBySipp } from "../relay/sipp.ts";
import { removeFolders, startAppliance, until } from "./appliance.ts";

const calls = 40;
const impairment = { lossShare: 0.25 };

test(`At 25 % loss both ways ${calls} of ${calls} calls by SIPp are set up and ended`, async () => {
  const set = ['lines=[{number="echo",kind="echo"}]', `sip.maxCalls=${calls}`];
  const appliance = await startAppliance({ set });
  const both = { in: impairment, out: impairment };
  const relay = await openRelay({ target: appliance.sip, seed: 25, sip: impairment, rtp: both });
  try {
    const { code, successful, failed } = await callBySipp(relay.sip, { scenario: "lossy-call", calls, rate: 8 });
    console.log(`25 % loss: ${successful} of ${calls} calls, ${JSON.stringify(relay.counts.sip)}`);
    expect({ code, successful, failed }).toEqual({ code: 0, successful: calls, failed: 0 });
    expect(relay.counts.sip.lost / (relay.counts.sip.lost + relay.counts.sip.passed)).toBeWithin(0.15, 0.35);
    await until("no call left", async () => (await appliance.cli<Status>("status")).sip.dialogs === 0, 40_000);
  } finally {
    relay.close();
    await appliance.stop();
    removeFolders(appliance.folders);
  }
}, 120_000);
