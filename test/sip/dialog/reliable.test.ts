import { expect, test } from "bun:test";
import { createBench, headerOf, nothing, offer, ourSdp, ourTag, remains, request } from "../bench.ts";

const required = ["Require: 100rel"];

function ringing() {
  const bench = createBench({ onCall: ({ call }) => call.ring() });
  bench.receive(request({ body: offer, headers: required, cseq: 7 }));
  const toTag = ourTag(bench);
  const rseq = headerOf(bench.last(), "rseq") ?? "";
  const prack = (cseq: number, rack: string, parts: Parameters<typeof request>[0] = {}) =>
    bench.receive(request({ method: "PRACK", cseq, toTag, headers: [`RAck: ${rack}`], ...parts }));
  return { bench, toTag, rseq, prack };
}

test("Where 100rel is required the 180 is reliable: repeated without bound until its PRACK", () => {
  const { bench, rseq, prack } = ringing();
  expect(bench.fresh()).toEqual([100, 180]);
  expect(headerOf(bench.last(), "require")).toBe("100rel");
  expect(Number(rseq)).toBeWithin(1, 2 ** 31);
  bench.clock.advance(16_000);
  const times = bench.sent.filter(({ status }) => status === 180).map(({ at }) => at);
  expect(times).toEqual([0, 500, 1_500, 3_500, 7_500, 15_500]);
  prack(8, `${rseq} 7 INVITE`);
  expect(bench.last()).toMatchObject({ status: 200, method: "PRACK" });
  bench.fresh();
  bench.clock.advance(20_000);
  expect(bench.fresh()).toEqual([]);
  bench.clock.advance(30_000); // a minute after the first: a new one, with the next number
  expect(bench.fresh()[0]).toBe(180);
  expect(headerOf(bench.last(), "rseq")).toBe(String(Number(rseq) + 1));
});

test("Where it is only supported the 180 is an ordinary one", () => {
  const bench = createBench({ onCall: ({ call }) => call.ring() });
  bench.receive(request({ body: offer, headers: ["Supported: 100rel"] }));
  expect(headerOf(bench.last(), "rseq")).toBeUndefined();
  expect(headerOf(bench.last(), "require")).toBeUndefined();
  bench.clock.advance(10_000);
  expect(bench.fresh()).toEqual([100, 180]);
});

test("A PRACK of something else is 481; one with an offer is refused, and acknowledges all the same", () => {
  const { bench, rseq, prack } = ringing();
  bench.fresh();
  prack(8, `${Number(rseq) + 1} 7 INVITE`);
  prack(9, `${rseq} 6 INVITE`);
  prack(10, `${rseq} 7 UPDATE`);
  prack(11, "");
  expect(bench.fresh()).toEqual([481, 481, 481, 481]);
  prack(12, `${rseq} 7 INVITE`, { body: offer });
  prack(13, `${rseq} 7 INVITE`);
  expect(bench.fresh()).toEqual([488, 481]);
  bench.clock.advance(10_000);
  expect(bench.fresh()).toEqual([]);
});

test("Nobody acknowledges it: 504 after 64*T1, and nothing remains", () => {
  const { bench, toTag } = ringing();
  bench.clock.advance(32_000);
  expect(bench.last().status).toBe(504);
  expect(bench.calls[0]?.ended).toEqual(["no-ack"]);
  bench.receive(request({ method: "ACK", cseq: 7, toTag }));
  expect(remains(bench)).toEqual(nothing);
});

test("The 200 may come before the PRACK, which is then still answered", () => {
  const { bench, toTag, rseq, prack } = ringing();
  bench.calls[0]?.call.answer(ourSdp);
  prack(8, `${rseq} 7 INVITE`);
  expect(bench.fresh()).toEqual([100, 180, 200, 200]);
  bench.receive(request({ method: "ACK", cseq: 7, toTag }));
  bench.clock.advance(10_000);
  expect(bench.fresh()).toEqual([]);
  bench.receive(request({ method: "BYE", cseq: 9, toTag }));
  expect(remains(bench)).toEqual(nothing);
});

test("Without their offer nothing is sent before our answer: a reliable 180 would have to carry ours", () => {
  const bench = createBench({ onCall: ({ call }) => call.ring() });
  bench.receive(request({ headers: required }));
  expect(bench.fresh()).toEqual([100]);
  bench.calls[0]?.call.answer(ourSdp);
  expect(bench.fresh()).toEqual([200]);
});

test("CANCEL and refusal stop the repetition", () => {
  const { bench } = ringing();
  bench.calls[0]?.call.reject(486, "Busy Here");
  bench.fresh();
  bench.clock.advance(3_000);
  expect(bench.fresh()).toEqual([486, 486]);
});
