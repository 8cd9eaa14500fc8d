import { expect, test } from "bun:test";
import { createAdmission } from "../../src/sip/admission.ts";
import { createRejectedSources } from "../../src/sip/rejected-sources.ts";
import { createBench, establish, headerOf, nothing, offer, ourSdp, remains, request } from "./bench.ts";

const limits = { invitesPerSecond: 2, othersPerSecond: 1, earlyDialogs: 100 };

test("A source has two seconds' worth at once, then its rate; others are not touched, nor the other kind", () => {
  let nowMs = 0;
  const admission = createAdmission(limits, () => nowMs);
  const taken = (address: string, times = 10) =>
    Array.from({ length: times }, () => admission.take(address, "invite")).filter(Boolean).length;
  expect(taken("192.0.2.1")).toBe(4);
  expect(taken("192.0.2.2")).toBe(4);
  nowMs = 499;
  expect(taken("192.0.2.1")).toBe(0);
  nowMs = 500;
  expect(taken("192.0.2.1")).toBe(1);
  nowMs = 3_600_000;
  expect(taken("192.0.2.1")).toBe(4);
  expect(admission.take("192.0.2.1", "other")).toBe(true);
});

test("Those turned away most are named in bounded memory, whoever else comes by", () => {
  const rejected = createRejectedSources();
  for (let n = 0; n < 20_000; n += 1) {
    rejected.note(`198.51.${n % 200}.${n % 251}`, "not-a-peer");
    if (n % 10 === 0) rejected.note("203.0.113.9", "limited-other");
  }
  const [first, ...others] = rejected.top(10);
  expect(first).toMatchObject({ address: "203.0.113.9", reason: "limited-other" });
  expect(first?.count).toBeWithin(2_000, 2_400);
  expect((first?.count ?? 0) - (first?.atMostOver ?? 0)).toBeLessThanOrEqual(2_000);
  expect(others).toHaveLength(9);
});

test("A flood of OPTIONS and of nonsense leaves room for calls, and for what belongs to calls", () => {
  const bench = createBench({ limits, handlers: { reoffered: () => ourSdp } });
  const toTag = establish(bench);
  for (let n = 0; n < 100; n += 1) {
    bench.receive(request({ method: "OPTIONS", callId: `flood-${n}` }));
    bench.receive(request({ method: "BYE", callId: `flood-${n}`, toTag: "nobody" }));
    bench.receive(request({ method: "CANCEL", callId: `flood-${n}` }));
    bench.receive(request({ callId: `flood-${n}`, toTag: "nobody", body: offer }));
    bench.receive(request({ body: offer }).replace("Max-Forwards: 70", "Max-Forwards: 999"));
  }
  expect(bench.fresh()).toEqual([200, 481]);
  bench.receive(request({ callId: "call-2", body: offer }));
  bench.receive(request({ method: "INFO", cseq: 2, toTag, body: "Signal=5", type: "application/dtmf-relay" }));
  bench.receive(request({ cseq: 3, toTag, body: offer }));
  bench.receive(request({ method: "BYE", cseq: 4, toTag }));
  expect(bench.fresh()).toEqual([100, 200, 200, 200]);
  expect(bench.signalling.status().dropped).toEqual({ "malformed-max-forwards": 100, "limited-other": 498 });
  expect(bench.signalling.status().rejected).toMatchObject([{ address: "192.0.2.1", count: 598 }]);
  // Of the flood nothing is kept.
  expect(bench.signalling.status().transactions).toBe(5);
});

test("INVITEs over the limit are dropped; a retransmission is none, and the PBX's next attempt is taken", () => {
  const bench = createBench({ limits });
  for (let n = 0; n < 10; n += 1) {
    bench.receive(request({ callId: `call-${n}`, branch: `z9hG4bK-n${n}`, body: offer }));
    bench.receive(request({ callId: "call-0", branch: "z9hG4bK-n0", body: offer }));
  }
  expect(bench.calls).toHaveLength(4);
  expect(bench.signalling.status().dropped).toEqual({ "limited-invite": 6 });
  bench.clock.advance(500);
  bench.receive(request({ callId: "call-9", branch: "z9hG4bK-n9", body: offer }));
  expect(bench.calls).toHaveLength(5);
});

test("Calls that nobody acknowledges are limited: 486; one that is acknowledged makes room", () => {
  const bench = createBench({
    limits: { ...limits, invitesPerSecond: 100, earlyDialogs: 2 },
    onCall: ({ call }) => call.answer(ourSdp),
  });
  bench.receive(request({ callId: "call-1", body: offer }));
  const toTag = bench.last().message.to.params.get("tag");
  bench.receive(request({ callId: "call-2", body: offer }));
  bench.receive(request({ callId: "call-3", body: offer }));
  expect(bench.last().status).toBe(486);
  expect(headerOf(bench.last(), "retry-after")).toBeUndefined();
  bench.receive(request({ callId: "call-1", method: "ACK", toTag }));
  bench.receive(request({ callId: "call-4", body: offer }));
  expect(bench.last().status).toBe(200);
  expect(bench.signalling.status().dropped).toEqual({ "early-dialogs": 1 });
  for (const { call } of bench.calls) call.hangUp();
  expect(remains(bench)).toEqual(nothing);
});

test("An answer of which nothing is kept is the same each time it is asked for", () => {
  const bench = createBench();
  const options = request({ method: "OPTIONS", branch: "z9hG4bK-o" });
  bench.receive(options);
  bench.receive(options);
  bench.receive(request({ method: "OPTIONS", branch: "z9hG4bK-p" }));
  const [one, same, other] = bench.sent;
  expect(same?.text).toBe(one?.text ?? "");
  expect(one?.message.to.params.get("tag")).toMatch(/^[0-9a-f]{16}$/);
  expect(other?.message.to.params.get("tag")).not.toBe(one?.message.to.params.get("tag"));
  expect(bench.signalling.status()).toMatchObject(nothing);
});

test("A flood within a call fills no memory either", () => {
  const bench = createBench();
  const toTag = establish(bench);
  for (let cseq = 2; cseq < 42_000; cseq++) bench.receive(request({ method: "OPTIONS", cseq, toTag }));
  const { transactions, dropped } = bench.signalling.status();
  expect(transactions).toBe(40_000);
  expect(dropped.overload).toBeGreaterThan(1_900);
  bench.clock.advance(32_000);
  bench.receive(request({ method: "BYE", cseq: 50_000, toTag }));
  expect(bench.calls[0]?.ended).toEqual(["caller-hung-up"]);
}, 20_000);
