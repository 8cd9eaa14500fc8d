/** Mutated answers to legs and REFERs, mutated requests within them: nothing throws, each owner hears of one end. */
import { expect, test } from "bun:test";
import type { ReferOutcome } from "../../../src/sip/leg-ports.ts";
import { mutateBytes } from "../../fuzz/mutate.ts";
import { answerTo, offer, ourSdp, remains, request } from "../bench.ts";
import { seeded } from "../random.ts";
import { evilHeaders } from "./hostile.ts";
import { contact, createLegBench, exchange, settled, tagged, theirSdp, usualWay, withinLeg } from "./leg-bench.ts";

const legs = 400;
const datagramsEach = 20;

test(`${legs * datagramsEach} mutated datagrams at legs and REFERs: none throws, nothing remains, one end each`, async () => {
  const random = seeded(3_261);
  const credentials = { username: "1000", password: "secret", realm: "pbx.test" };
  const seen = { answered: 0, ended: 0, accepted: 0 };
  for (let round = 0; round < legs; round += 1) {
    const bench = createLegBench({
      way: async () => ({ ...usualWay, credentials }),
      limits: { invitesPerSecond: 1e9, othersPerSecond: 1e9, earlyDialogs: 1e9 },
      handlers: { reoffered: () => ourSdp },
      broken: true,
    });
    const { leg, news } = await bench.place({}, { reoffered: () => ourSdp });
    const outcomes: ReferOutcome[] = [];
    let asked = false;
    for (let n = 0; n < datagramsEach; n += 1) {
      const method = asked && random.below(2) === 0 ? "REFER" : "INVITE";
      const status = random.pick([100, 180, 183, 200, 202, 302, 401, 407, 422, 486, 491, 700]);
      const headers = random.below(2) === 0 ? [contact, "Require: 100rel", `RSeq: ${n}`] : evilHeaders(random);
      const datagram = random.pick<() => string>([
        () => tagged(answerTo(bench.sentLast(method), status, headers, theirSdp), status, `t${random.below(3)}`),
        () => answerTo(bench.last(), 200),
        () =>
          withinLeg(bench, random.pick(["INVITE", "ACK", "UPDATE", "BYE", "INFO", "NOTIFY"]), n + 1, {
            body: offer,
            tag: "t1",
          }),
        () =>
          request({
            method: "NOTIFY",
            toTag: bench.toTag,
            cseq: 10 + n,
            headers: ["Event: refer", `Subscription-State: ${random.pick(["active;expires=9", "terminated", "x"])}`],
            type: "message/sipfrag",
            body: `SIP/2.0 ${random.pick([100, 180, 200, 486])} Any`,
          }),
      ])();
      const bytes = Buffer.from(datagram, "latin1");
      bench.signalling.receive(random.below(3) === 0 ? bytes : mutateBytes([bytes], random), exchange);
      if (n === 8) {
        asked = true;
        bench.signalling.refer(
          bench.callId,
          { kind: "extension", extension: "201" },
          {
            accepted() {
              seen.accepted += 1;
            },
            done: (outcome) => void outcomes.push(outcome),
          },
        );
        await settled();
        asked = bench.sent.some((sent) => sent.method === "REFER");
      }
      if (random.below(6) === 0) bench.clock.advance(random.pick([500, 5_000, 40_000]));
    }
    leg.hangUp();
    bench.signalling.hangUpAll();
    expect(remains(bench)).toEqual({ timers: 0, transactions: 0, dialogs: 0 });
    expect(bench.signalling.status().legs).toBe(0);
    expect(bench.failures).toEqual([]);
    expect(bench.signalling.status().dropped["internal-error"]).toBeUndefined();
    expect(news.filter((word) => word.startsWith("ended"))).toHaveLength(1);
    expect(bench.summaries).toHaveLength(1);
    expect(outcomes).toHaveLength(1);
    seen.answered += news.filter((word) => word.startsWith("answered")).length;
    seen.ended += 1;
  }
  // The mutations are no noise: many legs are still answered, many REFERs still taken.
  expect(seen.answered).toBeGreaterThan(legs / 10);
  expect(seen.accepted).toBeGreaterThan(legs / 20);
}, 60_000);
