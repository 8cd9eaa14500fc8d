import { expect, test } from "bun:test";
import {
  answerTo,
  createBench,
  establish,
  headerOf,
  nothing,
  offer,
  ourSdp,
  ourTag,
  remains,
  request,
  type Sent,
} from "../bench.ts";

const supported = "Supported: timer";
const updates = "Allow: INVITE, ACK, BYE, CANCEL, UPDATE";

/** Headers of the 200 that answers the INVITE with these. */
function agreed(headers: readonly string[], minSessionSeconds = 90) {
  const bench = createBench({ minSessionSeconds });
  bench.receive(request({ body: offer, headers }));
  bench.calls[0]?.call.answer(ourSdp);
  const one = bench.last();
  return [one.status, headerOf(one, "session-expires"), headerOf(one, "require"), headerOf(one, "min-se")];
}

test("What a 200 agrees to (RFC 4028 §9, table 2)", () => {
  expect(agreed([supported])).toEqual([200, undefined, undefined, undefined]);
  expect(agreed([supported, "Session-Expires: 1800"])).toEqual([200, "1800;refresher=uac", "timer", undefined]);
  expect(agreed([supported, "x: 1800;Refresher=UAC"])).toEqual([200, "1800;refresher=uac", "timer", undefined]);
  expect(agreed([supported, "Session-Expires: 1800 ; refresher=uas"])).toEqual([
    200,
    "1800;refresher=uas",
    undefined,
    undefined,
  ]);
  // One that cannot refresh leaves it to us.
  expect(agreed(["Session-Expires: 1800"])).toEqual([200, "1800;refresher=uas", undefined, undefined]);
  expect(agreed([supported, "Session-Expires: soon"])).toEqual([200, undefined, undefined, undefined]);
});

test("An interval below ours is 422 with Min-SE, to those who understand it; others get ours", () => {
  expect(agreed([supported, "Session-Expires: 89"])).toEqual([422, undefined, undefined, "90"]);
  expect(agreed([supported, "Session-Expires: 90"])[0]).toBe(200);
  expect(agreed([supported, "Session-Expires: 299"], 300)).toEqual([422, undefined, undefined, "300"]);
  expect(agreed(["Session-Expires: 60"])).toEqual([200, "90;refresher=uas", undefined, undefined]);
});

test("We refresh at half the interval by UPDATE, again and again; each 2xx begins the time anew", () => {
  const bench = createBench();
  establish(bench, { headers: [supported, updates, "Session-Expires: 90;refresher=uas"] });
  const answer = (sent: Sent) => bench.receive(answerTo(sent, 200, ["Session-Expires: 90;refresher=uac"]));
  for (let round = 1; round <= 5; round += 1) {
    bench.clock.advance(45_000 - 1);
    expect(bench.fresh()).toEqual([]);
    bench.clock.advance(1);
    expect(bench.fresh()).toEqual(["UPDATE"]);
    expect(headerOf(bench.last(), "session-expires")).toBe("90;refresher=uac");
    expect(headerOf(bench.last(), "supported")).toBe("100rel, timer, replaces");
    expect(headerOf(bench.last(), "contact")).toBe("<sip:192.0.2.9:5060>");
    expect(bench.last().message.body).toHaveLength(0);
    answer(bench.last());
  }
  expect(bench.calls[0]?.ended).toEqual([]);
  bench.calls[0]?.call.hangUp();
  expect(remains(bench)).toEqual(nothing);
});

test("A peer without UPDATE is refreshed by a re-INVITE that offers the same again, and is acknowledged", () => {
  const bench = createBench();
  establish(bench, { headers: [supported, "Session-Expires: 90;refresher=uas"] });
  bench.clock.advance(45_000);
  const invite = bench.last();
  expect(bench.fresh()).toEqual(["INVITE"]);
  expect(invite.text.endsWith(`\r\n\r\n${ourSdp}`)).toBe(true);
  expect(invite.message.to.params.get("tag")).toBe("theirs");
  bench.receive(answerTo(invite, 100));
  bench.receive(answerTo(invite, 200, ["Contact: <sip:moved@192.0.2.40:5099>"], offer));
  expect(bench.fresh()).toEqual(["ACK"]);
  const ack = bench.last();
  expect(ack.text.startsWith("ACK sip:moved@192.0.2.40:5099 SIP/2.0\r\n")).toBe(true);
  expect(ack.message.cseq).toEqual({ number: invite.message.cseq.number, method: "ACK" });
  expect(headerOf(ack, "via")).not.toBe(headerOf(invite, "via"));
  expect(bench.calls[0]?.news).toEqual(["acknowledged", "reanswered"]);
  // The 200 came again: our ACK was lost.
  bench.receive(answerTo(invite, 200, [], offer));
  expect(bench.fresh()).toEqual(["ACK"]);
  expect(bench.last().text).toBe(ack.text);
  bench.calls[0]?.call.hangUp();
  expect(bench.last().text.startsWith("BYE sip:moved@192.0.2.40:5099 SIP/2.0\r\n")).toBe(true);
  expect(bench.last().message.cseq.number).toBe(invite.message.cseq.number + 1);
  expect(remains(bench)).toEqual(nothing);
});

test("A peer that does not refresh gets BYE a third of the interval, or 32 s, before the end", () => {
  for (const [interval, endsAt] of [
    [90, 60_000],
    [1_800, 1_768_000],
  ] as const) {
    const bench = createBench();
    establish(bench, { headers: [supported, `Session-Expires: ${interval};refresher=uac`] });
    bench.clock.advance(endsAt - 1);
    expect(bench.fresh()).toEqual([]);
    bench.clock.advance(1);
    expect(bench.fresh()).toEqual(["BYE"]);
    expect(bench.calls[0]?.ended).toEqual(["session-expired"]);
    expect(remains(bench)).toEqual(nothing);
  }
});

test("A peer that refreshes, by UPDATE or re-INVITE, keeps the call; one whose refresh says nothing keeps the terms", () => {
  const bench = createBench({ handlers: { reoffered: () => ourSdp } });
  const headers = [supported, "Session-Expires: 90;refresher=uac"];
  const toTag = establish(bench, { headers });
  bench.clock.advance(59_000);
  bench.receive(request({ method: "UPDATE", cseq: 2, toTag, headers }));
  expect(headerOf(bench.last(), "session-expires")).toBe("90;refresher=uac");
  bench.clock.advance(59_000);
  bench.receive(request({ cseq: 3, toTag, headers, body: offer }));
  bench.receive(request({ method: "ACK", cseq: 3, toTag }));
  bench.clock.advance(59_000);
  bench.receive(request({ method: "UPDATE", cseq: 4, toTag, headers: [supported] }));
  expect(headerOf(bench.last(), "session-expires")).toBe("90;refresher=uac");
  bench.clock.advance(59_000);
  // One that no longer says that it can: from now on it is for us to do.
  bench.receive(request({ method: "UPDATE", cseq: 5, toTag }));
  expect(headerOf(bench.last(), "session-expires")).toBe("90;refresher=uas");
  bench.fresh();
  bench.clock.advance(45_000);
  expect(bench.fresh()).toEqual(["INVITE"]);
  expect(bench.calls[0]?.ended).toEqual([]);
});

test("A refresh of theirs below our least interval is 422, and the time runs on", () => {
  const bench = createBench();
  const toTag = establish(bench, { headers: [supported, "Session-Expires: 90;refresher=uac"] });
  bench.clock.advance(50_000);
  const headers = [supported, "Session-Expires: 60;refresher=uac"];
  bench.receive(request({ method: "UPDATE", cseq: 2, toTag, headers }));
  expect(bench.fresh()).toEqual([422]);
  bench.clock.advance(10_000);
  expect(bench.fresh()).toEqual(["BYE"]);
});

test.each([408, 481])("%d to our refresh: the other side has no such session any more, BYE", (status) => {
  const bench = createBench();
  establish(bench, { headers: [supported, updates, "Session-Expires: 90;refresher=uas"] });
  bench.clock.advance(45_000);
  bench.receive(answerTo(bench.last(), status));
  expect(bench.fresh()).toEqual(["UPDATE", "BYE"]);
  expect(bench.calls[0]?.ended).toEqual(["session-expired"]);
  bench.receive(answerTo(bench.last(), 481));
  expect(remains(bench)).toEqual(nothing);
});

test("A refresh that nobody answers is sent again, and ends the call", () => {
  for (const allow of [[updates], []]) {
    const bench = createBench();
    establish(bench, { headers: [supported, ...allow, "Session-Expires: 90;refresher=uas"] });
    bench.clock.advance(59_999);
    expect(bench.fresh().length).toBeGreaterThan(3);
    expect(bench.calls[0]?.ended).toEqual([]);
    bench.clock.advance(1); // a third of the interval is left
    expect(bench.last().method).toBe("BYE");
    expect(bench.calls[0]?.ended).toEqual(["session-expired"]);
    expect(remains(bench)).toEqual(nothing);
  }
});

test("422 to our refresh: again with their interval, which stays the least of the dialog", () => {
  const bench = createBench();
  establish(bench, { headers: [supported, updates, "Session-Expires: 90;refresher=uas"] });
  bench.clock.advance(45_000);
  bench.receive(answerTo(bench.last(), 422, ["Min-SE: 300"]));
  expect(headerOf(bench.last(), "session-expires")).toBe("300;refresher=uac");
  expect(headerOf(bench.last(), "min-se")).toBe("300");
  bench.receive(answerTo(bench.last(), 200, ["Session-Expires: 300;refresher=uac"]));
  bench.fresh();
  bench.clock.advance(150_000);
  expect(bench.fresh()).toEqual(["UPDATE"]);
  expect(headerOf(bench.last(), "min-se")).toBe("300");
  // A 422 that asks for less than was offered cannot be obeyed, nor go round in circles.
  bench.receive(answerTo(bench.last(), 422, ["Min-SE: 90"]));
  expect(bench.fresh()).toEqual([]);
});

test("A peer that refuses UPDATE gets a re-INVITE at once; other refusals are tried again in time", () => {
  const bench = createBench();
  establish(bench, { headers: [supported, updates, "Session-Expires: 90;refresher=uas"] });
  bench.clock.advance(45_000);
  bench.receive(answerTo(bench.last(), 501));
  expect(bench.fresh()).toEqual(["UPDATE", "INVITE"]);
  bench.receive(answerTo(bench.last(), 500, ["Retry-After: 3"]));
  expect(bench.fresh()).toEqual(["ACK"]);
  bench.clock.advance(2_999);
  expect(bench.fresh()).toEqual([]);
  bench.clock.advance(1);
  expect(bench.fresh()).toEqual(["INVITE"]);
  expect(bench.calls[0]?.ended).toEqual([]);
});

test("Glare: theirs is 491 while our re-INVITE is under way; 491 to ours is tried again within 2 s", () => {
  const bench = createBench({ handlers: { reoffered: () => ourSdp } });
  const toTag = establish(bench, { headers: [supported, "Session-Expires: 90;refresher=uas"] });
  bench.clock.advance(45_000);
  const ours = bench.last();
  bench.receive(request({ cseq: 2, toTag, body: offer, branch: "z9hG4bK-glare" }));
  bench.receive(request({ method: "UPDATE", cseq: 3, toTag, body: offer }));
  expect(bench.fresh()).toEqual(["INVITE", 491, 491]);
  bench.receive(request({ method: "ACK", cseq: 2, toTag, branch: "z9hG4bK-glare" }));
  bench.receive(answerTo(ours, 491));
  expect(bench.fresh()).toEqual(["ACK"]);
  expect(headerOf(bench.last(), "via")).toBe(headerOf(ours, "via")); // the transaction's own, not the dialog's
  // The side that made the Call-ID (they) waits longer than we do: theirs would come after ours.
  bench.clock.advance(2_000);
  expect(new Set(bench.fresh())).toEqual(new Set(["INVITE"]));
  bench.receive(answerTo(bench.last(), 200, [], offer));
  bench.receive(request({ cseq: 4, toTag, body: offer }));
  expect(bench.fresh()).toEqual(["ACK", 200]);
  expect(bench.calls[0]?.news.at(-1)).toBe("reoffered");
});

test("No re-INVITE of ours while the 200 to theirs waits for its ACK", () => {
  const bench = createBench({ handlers: { reoffered: () => ourSdp } });
  const toTag = establish(bench, { headers: [supported, "Session-Expires: 90;refresher=uas"] });
  bench.clock.advance(45_000);
  bench.receive(answerTo(bench.last(), 500, ["Retry-After: 1"]));
  bench.fresh();
  bench.receive(request({ cseq: 2, toTag, body: "x", type: "text/plain" })); // refused: the refresh stays due
  bench.receive(request({ method: "UPDATE", cseq: 3, toTag, headers: ["Session-Expires: 60", supported] }));
  expect(bench.fresh()).toEqual([415, 422]);
  bench.receive(request({ cseq: 4, toTag, body: offer, headers: [supported, "Session-Expires: 90;refresher=uas"] }));
  bench.clock.advance(31_000);
  expect(new Set(bench.fresh())).toEqual(new Set([200, 415]));
});

test("A call that ends takes its session's timers along, and a 200 that comes too late is acknowledged", () => {
  const bench = createBench();
  const toTag = establish(bench, { headers: [supported, "Session-Expires: 90;refresher=uas"] });
  bench.clock.advance(45_000);
  const invite = bench.last();
  bench.receive(request({ method: "BYE", cseq: 2, toTag }));
  bench.fresh();
  bench.receive(answerTo(invite, 200, [], offer));
  expect(bench.fresh()).toEqual(["ACK"]);
  expect(bench.calls[0]?.ended).toEqual(["caller-hung-up"]);
  expect(remains(bench)).toEqual(nothing);
});

test("A peer of RFC 2543, without a tag, is never sent an INVITE", () => {
  const bench = createBench();
  const strip = (text: string) => text.replace(";tag=theirs", "");
  bench.receive(strip(request({ body: offer, headers: ["Session-Expires: 90"] })));
  bench.calls[0]?.call.answer(ourSdp);
  bench.receive(strip(request({ method: "ACK", toTag: ourTag(bench) })));
  bench.fresh();
  bench.clock.advance(59_999);
  expect(bench.fresh()).toEqual([]);
  bench.clock.advance(1);
  expect(bench.fresh()).toEqual(["BYE"]);
});
