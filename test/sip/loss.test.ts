import { expect, test } from "bun:test";
import { header } from "../../src/sip/message/message.ts";
import { tagOf } from "../../src/sip/message/name-addr.ts";
import { type Bench, createBench, nothing, offer, ourSdp, remains, request, type Sent } from "./bench.ts";
import { seeded } from "./random.ts";

const calls = 200;
const lossShare = 0.25;

/** A caller after RFC 3261 §17.1: sends again until it is answered, acknowledges every 200, hangs up, then is done. */
function caller(bench: Bench, callId: string, hangsUp: boolean, deliver: (text: string) => void) {
  let phase: "inviting" | "talking" | "leaving" | "done" | "failed" = "inviting";
  let toTag = "";
  const repeat = (text: string, during: typeof phase, waitMs: number, leftMs: number): void => {
    if (phase !== during) return;
    if (leftMs <= 0) {
      phase = "failed";
      return;
    }
    deliver(text);
    bench.clock.schedule(waitMs, () => repeat(text, during, Math.min(2 * waitMs, 4_000), leftMs - waitMs));
  };
  return {
    phase: () => phase,
    start: () => repeat(request({ callId, branch: `z9hG4bK${callId}i`, body: offer }), "inviting", 500, 32_000),
    receive({ message, status, method }: Sent): void {
      if (method === "INVITE" && status === 200) {
        toTag = tagOf(message.to) ?? "";
        deliver(request({ callId, branch: `z9hG4bK${callId}a`, method: "ACK", toTag }));
        if (phase !== "inviting") return;
        phase = "talking";
        if (!hangsUp) return;
        bench.clock.schedule(3_000, () => {
          phase = "leaving";
          const bye = request({ callId, branch: `z9hG4bK${callId}b`, method: "BYE", cseq: 2, toTag });
          repeat(bye, "leaving", 500, 32_000);
        });
      }
      if (message.kind === "response" && method === "BYE") phase = "done";
      if (message.kind === "request" && method === "BYE") phase = "done";
    },
  };
}

for (const hangsUp of [true, false]) {
  test(`At 25 % loss ${calls} of ${calls} calls are set up and ended by ${hangsUp ? "the caller" : "us"}`, () => {
    const random = seeded(hangsUp ? 25 : 52);
    const lost = () => random.next() < lossShare;
    const callers = new Map<string, ReturnType<typeof caller>>();
    const bench = createBench({
      onCall({ call }) {
        call.ring();
        call.answer(ourSdp);
      },
      handlers: {},
      deliver(sent) {
        if (lost()) return;
        const callId = header(sent.message, "call-id") ?? "";
        bench.clock.schedule(10, () => callers.get(callId)?.receive(sent));
        if (sent.message.kind === "request" && !lost()) {
          bench.clock.schedule(20, () => deliver(answer(sent)));
        }
      },
    });
    const deliver = (text: string) => {
      if (!lost()) bench.clock.schedule(10, () => bench.receive(text));
    };
    for (let n = 0; n < calls; n += 1) {
      const one = caller(bench, `loss-${n}`, hangsUp, deliver);
      callers.set(`loss-${n}`, one);
      bench.clock.schedule(n * 10, one.start);
    }
    bench.clock.advance(40_000);
    if (!hangsUp) for (const { call } of bench.calls) call.hangUp();
    bench.clock.advance(40_000);
    expect([...callers.values()].map((one) => one.phase())).toEqual(Array.from({ length: calls }, () => "done"));
    expect(bench.calls).toHaveLength(calls);
    for (const { news, ended } of bench.calls) {
      expect(ended).toEqual([hangsUp ? "caller-hung-up" : "we-hung-up"]);
      // Where every ACK was lost until the caller hung up, the BYE is the first that we hear of him.
      expect(news.filter((one) => one === "acknowledged").length).toBeWithin(hangsUp ? 0 : 1, 2);
    }
    expect(bench.failures).toEqual([]);
    expect(remains(bench)).toEqual(nothing);
  });
}

function answer({ message }: Sent): string {
  const copied = message.headers.filter(({ name }) => ["via", "from", "to", "call-id", "cseq"].includes(name));
  return `SIP/2.0 200 OK\r\n${copied.map(({ name, value }) => `${name}: ${value}`).join("\r\n")}\r\n\r\n`;
}
