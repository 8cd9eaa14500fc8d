/**
 * `bun test/relay/sipp-loss.ts`: SIPp calls the echo line of the executable over a network that loses datagrams, SIP and
 * sound both ways.
 *   --calls N (200)  --rate N (10, a second)  --loss SHARE (0.25)  --seed S (1)
 */
import { parseArgs } from "node:util";
import type { Status } from "../../src/control/ports.ts";
import { removeFolders, startAppliance, until } from "../e2e/appliance.ts";
import { openRelay } from "./relay.ts";
import { callBySipp } from "./sipp.ts";

const { values } = parseArgs({
  options: {
    calls: { type: "string", default: "200" },
    rate: { type: "string", default: "10" },
    loss: { type: "string", default: "0.25" },
    seed: { type: "string", default: "1" },
  },
});
const [calls, rate, lossShare, seed] = [values.calls, values.rate, values.loss, values.seed].map(Number);
if (!calls || !rate || lossShare === undefined || !(lossShare >= 0 && lossShare < 1) || seed === undefined) {
  console.error("--calls and --rate are numbers above 0, --loss is from 0 to below 1, --seed is a number");
  process.exit(2);
}

const appliance = await startAppliance({ set: ['lines=[{number="echo",kind="echo"}]', `sip.maxCalls=${calls}`] });
const impairment = { lossShare };
const relay = await openRelay({
  target: appliance.sip,
  seed,
  sip: impairment,
  rtp: { in: impairment, out: impairment },
});
let isWhole = false;
try {
  const { code, successful, failed } = await callBySipp(relay.sip, { scenario: "lossy-call", calls, rate });
  // A call whose BYE was answered is over for SIPp; what is left of it here ends by its timers.
  await until(
    "nothing left",
    async () => {
      const { sip, media } = await appliance.cli<Status>("status");
      return sip.dialogs + sip.transactions + sip.timers + media.sockets === 0;
    },
    70_000,
  );
  const { sip } = await appliance.cli<Status>("status");
  isWhole = code === 0 && successful === calls && failed === 0;
  console.log(
    `${successful} of ${calls} calls complete, ${failed} failed, at ${100 * lossShare} % loss both ways; passed and lost: ${JSON.stringify(relay.counts)}; dropped by us: ${JSON.stringify(sip.dropped)}`,
  );
} finally {
  relay.close();
  await appliance.stop();
  removeFolders(appliance.folders);
}
process.exit(isWhole ? 0 : 1);
