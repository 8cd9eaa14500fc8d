import { expect, test } from "bun:test";
import { createBench, establish, headerOf, nothing, offer, ourSdp, ourTag, remains, request } from "../bench.ts";

const hold = offer.replace("m=audio", "a=inactive\r\nm=audio");

test("A re-INVITE with an offer is answered by the call's owner, its 200 repeated until ACK", () => {
  const bench = createBench({ handlers: { reoffered: () => ourSdp } });
  const toTag = establish(bench);
  bench.receive(request({ cseq: 2, toTag, body: hold, branch: "z9hG4bK-re" }));
  expect(bench.calls[0]?.news).toEqual(["acknowledged", "reoffered"]);
  bench.clock.advance(1_500);
  expect(bench.fresh()).toEqual([200, 200, 200]);
  expect(headerOf(bench.last(), "contact")).toBe("<sip:192.0.2.9:5060>");
  bench.receive(request({ method: "ACK", cseq: 2, toTag }));
  bench.clock.advance(60_000);
  expect(bench.fresh()).toEqual([]);
  expect(bench.calls[0]?.news).toEqual(["acknowledged", "reoffered"]);
});

test("What the owner cannot take is 488, and the call goes on", () => {
  const bench = createBench({ handlers: { reoffered: () => undefined } });
  const toTag = establish(bench);
  bench.receive(request({ cseq: 2, toTag, body: hold, branch: "z9hG4bK-re" }));
  expect(bench.fresh()).toEqual([488]);
  bench.receive(request({ method: "ACK", cseq: 2, toTag, branch: "z9hG4bK-re" }));
  expect(bench.signalling.status().dialogs).toBe(1);
  bench.receive(request({ method: "BYE", cseq: 3, toTag }));
  expect(bench.calls[0]?.ended).toEqual(["caller-hung-up"]);
  expect(remains(bench)).toEqual(nothing);
});

test("A re-INVITE never acknowledged ends the call with BYE", () => {
  const bench = createBench({ handlers: { reoffered: () => ourSdp } });
  const toTag = establish(bench);
  bench.receive(request({ cseq: 2, toTag, body: hold }));
  bench.clock.advance(32_000);
  expect(bench.calls[0]?.ended).toEqual(["no-ack"]);
  expect(bench.last().method).toBe("BYE");
  expect(remains(bench)).toEqual(nothing);
});

test("A re-INVITE without an offer gets the owner's, or our last SDP again", () => {
  const bench = createBench();
  const toTag = establish(bench);
  bench.receive(request({ cseq: 2, toTag }));
  expect(bench.last().text.endsWith(ourSdp)).toBe(true);
  bench.receive(request({ method: "ACK", cseq: 2, toTag, body: hold }));
  expect(bench.calls[0]?.news).toEqual(["acknowledged", "reoffer", "reanswered"]);

  const own = createBench({ handlers: { reoffer: () => "v=0\r\nours\r\n" } });
  const tag = establish(own);
  own.receive(request({ cseq: 2, toTag: tag }));
  expect(own.last().text.endsWith("v=0\r\nours\r\n")).toBe(true);
});

test("While our offer waits for its answer, theirs is 491", () => {
  const bench = createBench({ handlers: { reoffered: () => ourSdp } });
  bench.receive(request());
  bench.calls[0]?.call.answer(ourSdp);
  const toTag = ourTag(bench);
  bench.fresh();
  bench.receive(request({ cseq: 2, toTag, body: hold }));
  bench.receive(request({ method: "UPDATE", cseq: 3, toTag, body: hold }));
  expect(bench.fresh()).toEqual([491, 491]);
  bench.receive(request({ method: "ACK", cseq: 1, toTag, body: offer }));
  bench.receive(request({ method: "UPDATE", cseq: 4, toTag, body: hold }));
  expect(bench.fresh()).toEqual([200]);
});

test("Before our answer a second INVITE or an UPDATE with an offer is told to come again", () => {
  const bench = createBench({ onCall: ({ call }) => call.ring() });
  bench.receive(request({ body: offer }));
  const toTag = ourTag(bench);
  bench.fresh();
  bench.receive(request({ cseq: 2, toTag, body: hold }));
  expect(bench.fresh()).toEqual([500]);
  expect(Number(headerOf(bench.last(), "retry-after"))).toBeWithin(0, 11);
  bench.receive(request({ method: "UPDATE", cseq: 3, toTag, body: hold }));
  expect(bench.fresh()).toEqual([500]);
  bench.receive(request({ method: "UPDATE", cseq: 4, toTag }));
  expect(bench.fresh()).toEqual([200]);
});

test("UPDATE with an offer is answered like a re-INVITE, with nothing to acknowledge", () => {
  const bench = createBench({ handlers: { reoffered: () => ourSdp } });
  const toTag = establish(bench);
  bench.receive(request({ method: "UPDATE", cseq: 2, toTag, body: hold }));
  expect(bench.last().text.endsWith(ourSdp)).toBe(true);
  bench.clock.advance(10_000);
  expect(bench.fresh()).toEqual([200]);
});

test("An accepted re-INVITE or UPDATE moves the target of our requests; a refused one does not", () => {
  const bench = createBench({ handlers: { reoffered: (sdp) => (sdp === offer ? ourSdp : undefined) } });
  const toTag = establish(bench);
  bench.receive(request({ cseq: 2, toTag, body: hold, contact: "<sip:x@192.0.2.40>" }));
  bench.receive(request({ cseq: 3, toTag, body: offer, contact: "<sip:y@192.0.2.41:5099>" }));
  bench.receive(request({ method: "ACK", cseq: 3, toTag }));
  bench.calls[0]?.call.hangUp();
  expect(bench.last().text.startsWith("BYE sip:y@192.0.2.41:5099 SIP/2.0\r\n")).toBe(true);
  expect(bench.last().to).toEqual({ address: "192.0.2.41", port: 5099 });
});

test("Keys come in INFO, as dtmf-relay or dtmf", () => {
  const bench = createBench();
  const toTag = establish(bench);
  const info = (cseq: number, body: string, type: string) =>
    bench.receive(request({ method: "INFO", cseq, toTag, body, type }));
  info(2, "Signal=5\r\nDuration=160\r\n", "application/dtmf-relay");
  info(3, "#", "application/dtmf");
  info(4, "Signal= 10\r\n", "application/dtmf-relay");
  expect(bench.fresh()).toEqual([200, 200, 200]);
  expect(bench.calls[0]?.news.slice(1)).toEqual(["digit 5 160", "digit # 250", "digit * 250"]);
  info(5, "Signal=Z", "application/dtmf-relay");
  info(6, "<xml/>", "application/media_control+xml");
  expect(bench.fresh()).toEqual([415, 415]);
  bench.receive(request({ method: "INFO", cseq: 7, toTag }));
  bench.receive(request({ method: "INFO", cseq: 8, toTag, headers: ["Info-Package: x"] }));
  expect(bench.fresh()).toEqual([200, 469]);
});

test("Order of CSeq: a lower number is 500, a gap is no fault", () => {
  const bench = createBench({ handlers: { reoffered: () => ourSdp } });
  const toTag = establish(bench, { cseq: 10 });
  bench.receive(request({ method: "OPTIONS", cseq: 9, toTag }));
  bench.receive(request({ method: "OPTIONS", cseq: 4_000, toTag }));
  bench.receive(request({ method: "INFO", cseq: 3_999, toTag }));
  expect(bench.fresh()).toEqual([500, 200, 500]);
});

test("In a dialog: OPTIONS 200, REFER 603, SUBSCRIBE 405, an unknown extension 420, another body 415", () => {
  const bench = createBench();
  const toTag = establish(bench);
  bench.receive(request({ method: "OPTIONS", cseq: 2, toTag }));
  bench.receive(request({ method: "REFER", cseq: 3, toTag, headers: ["Refer-To: <sip:9@192.0.2.1>"] }));
  bench.receive(request({ method: "SUBSCRIBE", cseq: 4, toTag }));
  bench.receive(request({ cseq: 5, toTag, body: offer, headers: ["Require: tdialog"] }));
  bench.receive(request({ cseq: 6, toTag, body: "x", type: "text/plain" }));
  expect(bench.fresh()).toEqual([200, 603, 405, 420, 415]);
  expect(bench.calls[0]?.ended).toEqual([]);
});

test("A dialog that is not there: 481, and silence to an ACK", () => {
  const bench = createBench();
  establish(bench);
  for (const method of ["INVITE", "BYE", "UPDATE", "INFO", "OPTIONS", "REFER"]) {
    bench.receive(request({ method, cseq: 2, toTag: "nobody" }));
  }
  expect(bench.fresh()).toEqual([481, 481, 481, 481, 481, 481]);
  bench.receive(request({ method: "ACK", cseq: 2, toTag: "nobody" }));
  bench.receive(request({ method: "BYE", cseq: 2, toTag: ourTag(bench), fromTag: "someone-else" }));
  expect(bench.fresh()).toEqual([481]);
});

test("Re-INVITEs that nobody acknowledges are answered eight times, and then asked to come later", () => {
  const bench = createBench({ handlers: { reoffered: () => ourSdp } });
  const toTag = establish(bench);
  bench.fresh();
  for (let cseq = 2; cseq < 102; cseq++) bench.receive(request({ cseq, toTag, body: offer }));
  expect(bench.fresh()).toEqual([...Array(8).fill(200), ...Array(92).fill(500)]);
  expect(headerOf(bench.last(), "retry-after")).toMatch(/^[0-9]$/);
  bench.receive(request({ method: "ACK", cseq: 9, toTag }));
  bench.receive(request({ cseq: 102, toTag, body: offer }));
  expect(bench.fresh()).toEqual([200]);
});
