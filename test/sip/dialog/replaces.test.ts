import { expect, test } from "bun:test";
import { headerOf, nothing, offer, otherPbx, ourSdp, ourTag, remains, request } from "../bench.ts";
import { answeredLeg, contact, createLegBench, theirSdp } from "../leg/leg-bench.ts";

type Bench = ReturnType<typeof createLegBench>;

/** Of the caller's dialog, as the one who sends the INVITE sees it from our side. */
const named = (bench: Bench, more = "") => `Replaces: call-1;to-tag=${bench.toTag};from-tag=theirs${more}`;

function takeOver(bench: Bench, headers: readonly string[], parts: Parameters<typeof request>[0] = {}): void {
  bench.receive(request({ callId: "call-2", fromTag: "other", body: theirSdp, headers, ...parts }));
}

test("The call goes on with whom the INVITE brings: 200 to it, BYE to the old dialog, one owner all along", () => {
  const offers: string[] = [];
  const bench = createLegBench({
    handlers: {
      reoffered(sdp) {
        offers.push(sdp);
        return ourSdp;
      },
    },
  });
  takeOver(bench, [named(bench)]);
  expect(offers).toEqual([theirSdp]);
  expect(bench.fresh()).toEqual([100, 200, "BYE"]);
  const [answer, bye] = bench.sent.slice(-2);
  expect(answer?.text).toEndWith(ourSdp);
  expect(answer && headerOf(answer, "supported")).toBe("100rel, timer, replaces");
  expect(bye && headerOf(bye, "call-id")).toBe("call-1");
  bench.reply("BYE", 200);
  const toTag = /;tag=(\S+)/.exec((answer && headerOf(answer, "to")) ?? "")?.[1] ?? "";
  bench.receive(request({ method: "ACK", callId: "call-2", fromTag: "other", toTag }));
  expect(bench.calls).toHaveLength(1);
  expect(bench.calls[0]?.news).toEqual(["acknowledged", "reoffered"]);
  expect(bench.ends).toMatchObject([{ callId: bench.callId, reason: "replaced" }]);

  // What the owner does now concerns the new dialog, and it is told of its end.
  bench.receive(
    request({
      method: "INFO",
      callId: "call-2",
      fromTag: "other",
      toTag,
      cseq: 2,
      type: "application/dtmf",
      body: "7",
    }),
  );
  bench.calls[0]?.call.hangUp();
  expect(headerOf(bench.last(), "call-id")).toBe("call-2");
  expect(bench.calls[0]?.news.slice(2)).toEqual(["digit 7 250", "ended we-hung-up"]);
  bench.reply("BYE", 200);
  expect(bench.ends).toHaveLength(2);
  expect(remains(bench)).toEqual(nothing);
});

test("An INVITE that leaves the offer to us gets ours; its ACK's answer reaches the owner", () => {
  const bench = createLegBench();
  takeOver(bench, [named(bench)], { body: undefined });
  const answer = bench.sent.at(-2);
  expect(answer?.text).toEndWith(ourSdp);
  const toTag = /;tag=(\S+)/.exec((answer && headerOf(answer, "to")) ?? "")?.[1] ?? "";
  bench.receive(request({ method: "ACK", callId: "call-2", fromTag: "other", toTag, body: theirSdp }));
  expect(bench.calls[0]?.news).toEqual(["acknowledged", "reoffer", "reanswered"]);
});

test("What the owner cannot take is 488, and its call goes on as it was", () => {
  const bench = createLegBench({ handlers: { reoffered: () => undefined } });
  takeOver(bench, [named(bench)]);
  expect(bench.fresh()).toEqual([100, 488]);
  bench.calls[0]?.call.hangUp();
  expect(headerOf(bench.last(), "call-id")).toBe("call-1");
  bench.reply("BYE", 200);
  expect(bench.ends).toMatchObject([{ reason: "we-hung-up" }]);
  expect(remains(bench)).toEqual(nothing);
});

test.each([
  ["no dialog of that name", ["Replaces: nobody;to-tag=a;from-tag=b"], 481],
  ["another's tags", ["Replaces: call-1;to-tag=theirs;from-tag=x"], 481],
  ["two of them", ["Replaces: call-1;to-tag=a;from-tag=b", "Replaces: call-1;to-tag=a;from-tag=b"], 400],
  ["two in one line", ["Replaces: call-1;to-tag=a;from-tag=b, call-2;to-tag=a;from-tag=b"], 400],
  ["no tags", ["Replaces: call-1"], 400],
  ["one tag", ["Replaces: call-1;to-tag=a"], 400],
  ["a tag twice", ["Replaces: call-1;to-tag=a;to-tag=a;from-tag=b"], 400],
  ["nothing", ["Replaces:"], 400],
])("%s", (_name, headers, status) => {
  const bench = createLegBench({ handlers: { reoffered: () => ourSdp } });
  takeOver(bench, headers);
  expect(bench.fresh()).toEqual([status]);
  expect(bench.calls).toHaveLength(1);
  expect(bench.calls[0]?.ended).toEqual([]);
});

test("A PBX of another trunk takes over nobody's call, though it may have heard its name", () => {
  const bench = createLegBench({ handlers: { reoffered: () => ourSdp } });
  const invite = request({ callId: "call-2", fromTag: "other", body: theirSdp, headers: [named(bench)] });
  bench.receive(invite, otherPbx);
  expect(bench.fresh()).toEqual([481]);
  expect(bench.calls[0]?.news).toEqual(["acknowledged"]);
});

test("Early-only on a call that is answered is 486; in any request but INVITE the header is 400 (RFC 3891 §3)", () => {
  const bench = createLegBench({ handlers: { reoffered: () => ourSdp } });
  takeOver(bench, [named(bench, ";early-only")]);
  bench.receive(request({ method: "OPTIONS", headers: [named(bench)] }));
  bench.receive(request({ method: "INFO", cseq: 2, toTag: bench.toTag, headers: [named(bench)] }));
  expect(bench.fresh()).toEqual([486, 400, 400]);
});

test("A call of theirs that rings here may not be replaced: 481; one that is ending is declined: 603", () => {
  const bench = createLegBench({ empty: true, handlers: { reoffered: () => ourSdp } });
  bench.receive(request({ body: offer }));
  bench.calls[0]?.call.ring();
  const tag = ourTag(bench);
  bench.fresh();
  takeOver(bench, [`Replaces: call-1;to-tag=${tag};from-tag=theirs`]);
  expect(bench.fresh()).toEqual([481]);
  const ending = createLegBench({ handlers: { reoffered: () => ourSdp } });
  ending.calls[0]?.call.hangUp();
  ending.fresh();
  takeOver(ending, [named(ending)]);
  expect(ending.fresh()).toEqual([603]);
});

test("A call whose 200 nobody has acknowledged may not be replaced: its owner would wait for that for ever", () => {
  const bench = createLegBench({ empty: true, handlers: { reoffered: () => ourSdp } });
  bench.receive(request({ body: offer }));
  bench.calls[0]?.call.answer(ourSdp);
  const toTag = ourTag(bench);
  bench.fresh();
  takeOver(bench, [`Replaces: call-1;to-tag=${toTag};from-tag=theirs`]);
  expect(bench.fresh()).toEqual([481]);
  bench.receive(request({ method: "ACK", toTag }));
  takeOver(bench, [`Replaces: call-1;to-tag=${toTag};from-tag=theirs`], { callId: "call-3" });
  expect(bench.fresh()).toEqual([100, 200, "BYE"]);
});

test("A call by TLS is taken over by TLS only: its keys are said to nobody in the clear (RFC 3891 §8)", () => {
  const bench = createLegBench({ empty: true, handlers: { reoffered: () => ourSdp } });
  const tls = { address: "192.0.2.1", port: 40_100, transport: "tls", connection: 1 } as const;
  bench.receive(request({ body: offer }), tls);
  bench.calls[0]?.call.answer(ourSdp);
  const toTag = ourTag(bench);
  bench.receive(request({ method: "ACK", toTag }), tls);
  bench.fresh();
  takeOver(bench, [`Replaces: call-1;to-tag=${toTag};from-tag=theirs`]);
  expect(bench.fresh()).toEqual([481]);
  const headers = [`Replaces: call-1;to-tag=${toTag};from-tag=theirs`];
  bench.receive(request({ callId: "call-3", fromTag: "other", body: theirSdp, headers }), { ...tls, connection: 2 });
  expect(bench.fresh()).toEqual([100, 200, "BYE"]);
});

test("While we drain or are full, a call that we have may still be replaced", () => {
  let full = false;
  const bench = createLegBench({
    handlers: { reoffered: () => ourSdp },
    admit: () => (full ? { ok: false, status: 486, reason: "Busy Here" } : { ok: true }),
  });
  full = true;
  bench.signalling.drain();
  takeOver(bench, [named(bench)]);
  expect(bench.fresh()).toEqual([100, 200, "BYE"]);
});

test("A leg that is taken over goes on for its owner, whom the new one brings", async () => {
  const bench = createLegBench();
  const { leg, news } = await answeredLeg(bench, { reoffered: () => ourSdp });
  const invite = bench.sentLast("INVITE");
  const ours = /;tag=(\S+)/.exec(headerOf(invite, "from") ?? "")?.[1];
  takeOver(bench, [`Replaces: ${headerOf(invite, "call-id")};to-tag=${ours};from-tag=phone-1`]);
  expect(bench.fresh()).toEqual([100, 200, "BYE"]);
  bench.reply("BYE", 200);
  expect(news).toEqual(["answered theirs", "reoffered"]);
  expect(bench.summaries).toEqual([]);
  const answer = bench.sent.findLast(({ status, message }) => status === 200 && message.callId === "call-2");
  const toTag = /;tag=(\S+)/.exec((answer && headerOf(answer, "to")) ?? "")?.[1] ?? "";
  bench.receive(request({ method: "ACK", callId: "call-2", fromTag: "other", toTag }));
  leg.hangUp();
  expect(headerOf(bench.last(), "call-id")).toBe("call-2");
  bench.reply("BYE", 200);
  expect(news.at(-1)).toBe("ended we-hung-up");
  expect(bench.summaries).toMatchObject([{ end: "we-hung-up" }]);
  bench.calls[0]?.call.hangUp();
  bench.reply("BYE", 200);
  expect(remains(bench)).toEqual(nothing);
  expect(bench.signalling.status().legs).toBe(0);
});

test("Taken over without an offer: the owner of the leg makes one, and has the answer of the ACK; so with a refresh", async () => {
  const bench = createLegBench();
  const heard: string[] = [];
  const { leg } = await answeredLeg(bench, { reoffer: () => ourSdp, reanswered: (sdp) => void heard.push(sdp) }, [
    "Session-Expires: 90;refresher=uac",
  ]);
  const invite = bench.sentLast("INVITE");
  const ours = /;tag=(\S+)/.exec(headerOf(invite, "from") ?? "")?.[1];
  const replaces = `Replaces: ${headerOf(invite, "call-id")};to-tag=${ours};from-tag=phone-1`;
  bench.clock.advance(45_000);
  bench.reply("INVITE", 200, [contact], theirSdp);
  expect(heard).toEqual([theirSdp]);
  bench.receive(request({ callId: "call-2", fromTag: "other", body: undefined, headers: [replaces] }));
  const answer = bench.sent.findLast(({ status, message }) => status === 200 && message.callId === "call-2");
  expect(answer?.text).toEndWith(ourSdp);
  const toTag = /;tag=(\S+)/.exec((answer && headerOf(answer, "to")) ?? "")?.[1] ?? "";
  bench.receive(request({ method: "ACK", callId: "call-2", fromTag: "other", toTag, body: offer }));
  expect(heard).toEqual([theirSdp, offer]);
  leg.hangUp();
});
