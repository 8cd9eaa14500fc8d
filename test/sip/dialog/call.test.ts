import { expect, test } from "bun:test";
import { header, headerList } from "../../../src/sip/message/message.ts";
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
} from "../bench.ts";

test("A call rings, is answered, acknowledged and hung up by the caller", () => {
  const bench = createBench();
  bench.receive(request({ body: offer }));
  expect(bench.fresh()).toEqual([100]);
  const [told] = bench.calls;
  expect(told?.call).toMatchObject({ called: "02071234567", offer, localAddress: "192.0.2.9" });
  expect(told?.call.caller).toEqual({ number: "+447700900123", display: "Ada Example", withheld: false });

  told?.call.ring();
  told?.call.answer(ourSdp);
  expect(bench.fresh()).toEqual([180, 200]);
  expect(headerOf(bench.last(), "contact")).toBe("<sip:192.0.2.9:5060>");
  expect(headerOf(bench.last(), "allow")).toBe("INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, PRACK, NOTIFY");
  expect(bench.last().text.endsWith(`\r\n\r\n${ourSdp}`)).toBe(true);
  const toTag = ourTag(bench);

  bench.receive(request({ method: "ACK", toTag }));
  expect(told?.news).toEqual(["acknowledged"]);
  bench.receive(request({ method: "BYE", cseq: 2, toTag }));
  expect(bench.fresh()).toEqual([200]);
  expect(told?.news).toEqual(["acknowledged", "ended caller-hung-up"]);
  expect(bench.signalling.status().dialogs).toBe(0);
  expect(remains(bench)).toEqual(nothing);
});

test("The 100 has no To tag; 180 and 200 have the same", () => {
  const bench = createBench();
  bench.receive(request({ body: offer }));
  bench.calls[0]?.call.ring();
  bench.calls[0]?.call.answer(ourSdp);
  const tags = bench.sent.map(({ message }) => message.to.params.get("tag"));
  expect(bench.fresh()).toEqual([100, 180, 200]);
  expect(tags[0]).toBeUndefined();
  expect(tags[1]).toMatch(/^[0-9a-f]{16}$/);
  expect(tags[2]).toBe(tags[1]);
});

test("A 200 is sent again at T1, doubling to T2, until its ACK comes", () => {
  const bench = createBench({ onCall: ({ call }) => call.answer(ourSdp) });
  bench.receive(request({ body: offer }));
  bench.clock.advance(20_000);
  const times = bench.sent.filter(({ status }) => status === 200).map(({ at }) => at);
  expect(times).toEqual([0, 500, 1_500, 3_500, 7_500, 11_500, 15_500, 19_500]);
  bench.receive(request({ method: "ACK", toTag: ourTag(bench) }));
  bench.fresh();
  bench.clock.advance(40_000);
  expect(bench.fresh()).toEqual([]);
});

test("A 200 that is never acknowledged ends in BYE after 64*T1, and nothing remains", () => {
  const bench = createBench({ onCall: ({ call }) => call.answer(ourSdp) });
  bench.receive(request({ body: offer }));
  bench.clock.advance(31_999);
  expect(bench.calls[0]?.ended).toEqual([]);
  bench.fresh();
  bench.clock.advance(1);
  expect(bench.calls[0]?.ended).toEqual(["no-ack"]);
  expect(bench.fresh()).toEqual(["BYE"]);
  expect(remains(bench)).toEqual(nothing);
});

test("An INVITE sent again gets the last provisional response, and no second call", () => {
  const bench = createBench();
  const invite = request({ body: offer, branch: "z9hG4bK-same" });
  bench.receive(invite);
  bench.calls[0]?.call.ring();
  bench.fresh();
  bench.receive(invite);
  expect(bench.fresh()).toEqual([180]);
  expect(bench.calls).toHaveLength(1);
});

test("Ringing sends 180 again each minute, and ends by itself after three", () => {
  const bench = createBench();
  bench.receive(request({ body: offer }));
  bench.calls[0]?.call.ring();
  bench.fresh();
  bench.clock.advance(179_999);
  expect(bench.fresh()).toEqual([180, 180]);
  bench.clock.advance(1);
  expect(bench.fresh()).toEqual([487]);
  expect(bench.calls[0]?.ended).toEqual(["rejected"]);
  expect(remains(bench)).toEqual(nothing);
});

test("An INVITE is no longer valid when its Expires has passed", () => {
  const bench = createBench();
  bench.receive(request({ body: offer, headers: ["Expires: 20"] }));
  bench.clock.advance(19_999);
  expect(bench.fresh()).toEqual([100]);
  bench.clock.advance(1);
  expect(bench.fresh()).toEqual([487]);
});

test("Our hang-up sends BYE until it is answered", () => {
  const bench = createBench();
  establish(bench);
  bench.calls[0]?.call.hangUp();
  bench.calls[0]?.call.hangUp();
  expect(bench.calls[0]?.ended).toEqual(["we-hung-up"]);
  bench.clock.advance(3_500);
  expect(bench.sent.filter(({ method, status }) => method === "BYE" && status === 0).map(({ at }) => at)).toEqual([
    0, 500, 1_500, 3_500,
  ]);
  const bye = bench.last();
  expect(bye.text.startsWith("BYE sip:pbx@192.0.2.1:5060 SIP/2.0\r\n")).toBe(true);
  expect(bye.message.cseq).toEqual({ number: 1, method: "BYE" });
  expect(headerOf(bye, "to")).toBe('"Ada Example" <sip:07700900123@192.0.2.1>;tag=theirs');
  expect(headerOf(bye, "from")).toContain("<sip:02071234567@192.0.2.9>;tag=");
  bench.receive(answerTo(bye, 200));
  expect(bench.signalling.status().dialogs).toBe(0);
  bench.fresh();
  expect(remains(bench)).toEqual(nothing);
  expect(bench.fresh()).toEqual([]);
});

test("A BYE that nobody answers is given up after 64*T1", () => {
  const bench = createBench();
  establish(bench);
  bench.clock.advance(60_000);
  const { transactions } = bench.signalling.status();
  expect(transactions).toBe(0);
  bench.calls[0]?.call.hangUp();
  bench.clock.advance(31_999);
  expect(bench.signalling.status()).toMatchObject({ dialogs: 1, transactions: 1 });
  bench.clock.advance(1);
  expect(bench.signalling.status()).toMatchObject({ dialogs: 0, transactions: 0, timers: 0 });
});

test("A hang-up before the ACK waits with its BYE for it", () => {
  const bench = createBench({ onCall: ({ call }) => call.answer(ourSdp) });
  bench.receive(request({ body: offer }));
  bench.calls[0]?.call.hangUp();
  expect(bench.calls[0]?.ended).toEqual(["we-hung-up"]);
  expect(bench.fresh()).toEqual([100, 200]);
  bench.clock.advance(500);
  expect(bench.fresh()).toEqual([200]);
  bench.receive(request({ method: "ACK", toTag: ourTag(bench) }));
  expect(bench.fresh()).toEqual(["BYE"]);
  expect(bench.calls[0]?.news).toEqual(["ended we-hung-up"]);
  expect(remains(bench)).toEqual(nothing);
});

test("A hang-up before the answer refuses the call", () => {
  const bench = createBench();
  bench.receive(request({ body: offer }));
  bench.calls[0]?.call.hangUp();
  expect(bench.fresh()).toEqual([100, 487]);
  expect(bench.calls[0]?.ended).toEqual(["we-hung-up"]);
});

test("CANCEL of a ringing call: 200 to the CANCEL, 487 to the INVITE, both with our tag", () => {
  const bench = createBench();
  bench.receive(request({ body: offer, branch: "z9hG4bK-c" }));
  bench.calls[0]?.call.ring();
  const toTag = ourTag(bench);
  bench.fresh();
  bench.receive(request({ method: "CANCEL", branch: "z9hG4bK-c" }));
  expect(bench.fresh()).toEqual([200, 487]);
  expect(bench.sent.slice(-2).map(({ message }) => message.to.params.get("tag"))).toEqual([toTag, toTag]);
  expect(bench.sent.slice(-2).map(({ message }) => message.cseq.method)).toEqual(["CANCEL", "INVITE"]);
  expect(bench.calls[0]?.ended).toEqual(["cancelled"]);
  bench.receive(request({ method: "ACK", branch: "z9hG4bK-c", toTag }));
  bench.clock.advance(5_000);
  expect(bench.fresh()).toEqual([]);
  expect(remains(bench)).toEqual(nothing);
});

test("CANCEL that crosses our 200 changes nothing: the caller acknowledges and says BYE", () => {
  const bench = createBench({ onCall: ({ call }) => call.answer(ourSdp) });
  bench.receive(request({ body: offer, branch: "z9hG4bK-x" }));
  const toTag = ourTag(bench);
  bench.receive(request({ method: "CANCEL", branch: "z9hG4bK-x" }));
  expect(bench.fresh()).toEqual([100, 200, 200]);
  expect(bench.calls[0]?.ended).toEqual([]);
  bench.receive(request({ method: "ACK", toTag }));
  bench.receive(request({ method: "BYE", cseq: 2, toTag }));
  expect(bench.calls[0]?.ended).toEqual(["caller-hung-up"]);
  expect(remains(bench)).toEqual(nothing);
});

test("CANCEL of nothing is 481", () => {
  const bench = createBench();
  bench.receive(request({ method: "CANCEL" }));
  expect(bench.fresh()).toEqual([481]);
});

test("BYE before the ACK ends the call, and its 200 is sent no more", () => {
  const bench = createBench({ onCall: ({ call }) => call.answer(ourSdp) });
  bench.receive(request({ body: offer }));
  const toTag = ourTag(bench);
  bench.receive(request({ method: "BYE", cseq: 2, toTag }));
  expect(bench.fresh()).toEqual([100, 200, 200]);
  expect(bench.calls[0]?.ended).toEqual(["caller-hung-up"]);
  bench.clock.advance(10_000);
  expect(bench.fresh()).toEqual([]);
  bench.receive(request({ method: "ACK", toTag }));
  expect(bench.fresh()).toEqual([]);
  expect(bench.signalling.status().dropped).toEqual({ "stray-ack": 1 });
});

test("BYE in the early dialog: 200, and 487 to the INVITE", () => {
  const bench = createBench({ onCall: ({ call }) => call.ring() });
  bench.receive(request({ body: offer }));
  bench.receive(request({ method: "BYE", cseq: 2, toTag: ourTag(bench) }));
  expect(bench.fresh()).toEqual([100, 180, 200, 487]);
  expect(bench.calls[0]?.ended).toEqual(["cancelled"]);
  expect(remains(bench)).toEqual(nothing);
});

test("Both sides say BYE at once: each gets its 200", () => {
  const bench = createBench();
  const toTag = establish(bench);
  bench.calls[0]?.call.hangUp();
  const bye = bench.last();
  bench.receive(request({ method: "BYE", cseq: 2, toTag }));
  expect(bench.fresh()).toEqual(["BYE", 200]);
  bench.receive(answerTo(bye, 200));
  expect(bench.calls[0]?.ended).toEqual(["we-hung-up"]);
  expect(remains(bench)).toEqual(nothing);
});

test("An offer left to us travels in the 200, theirs in the ACK", () => {
  const bench = createBench();
  bench.receive(request({ branch: "z9hG4bK-d" }));
  expect(bench.calls[0]?.call.offer).toBeUndefined();
  bench.calls[0]?.call.answer(ourSdp);
  const toTag = ourTag(bench);
  bench.receive(request({ method: "ACK", toTag, body: offer }));
  expect(bench.calls[0]?.news).toEqual(["acknowledged+sdp"]);
});

test("A proxy that record-routes stays on the way; our BYE is routed loosely through it", () => {
  const bench = createBench();
  const routes = ["Record-Route: <sip:192.0.2.2;lr>, <sip:192.0.2.3:5070;lr>", "Record-Route: <sip:edge.example;lr>"];
  establish(bench, { headers: routes });
  const answered = bench.sent.find(({ status }) => status === 200);
  expect(answered && headerList(answered.message, "record-route")).toEqual([
    "<sip:192.0.2.2;lr>",
    "<sip:192.0.2.3:5070;lr>",
    "<sip:edge.example;lr>",
  ]);
  bench.calls[0]?.call.hangUp();
  const bye = bench.last();
  expect(bye.text.startsWith("BYE sip:pbx@192.0.2.1:5060 SIP/2.0\r\n")).toBe(true);
  expect(headerList(bye.message, "route")).toEqual([
    "<sip:192.0.2.2;lr>",
    "<sip:192.0.2.3:5070;lr>",
    "<sip:edge.example;lr>",
  ]);
  expect(bye.to).toEqual({ address: "192.0.2.2", port: 5060 });
});

test("A strict router gets itself as Request-URI and the target as last route", () => {
  const bench = createBench();
  establish(bench, { headers: ["Record-Route: <sip:192.0.2.2>", "Record-Route: <sip:192.0.2.3;lr>"] });
  bench.calls[0]?.call.hangUp();
  const bye = bench.last();
  expect(bye.text.startsWith("BYE sip:192.0.2.2 SIP/2.0\r\n")).toBe(true);
  expect(headerList(bye.message, "route")).toEqual(["<sip:192.0.2.3;lr>", "<sip:pbx@192.0.2.1:5060>"]);
});

test("No request of ours leaves for an address that is no peer's", () => {
  const bench = createBench();
  establish(bench, { contact: "<sip:pbx@203.0.113.66:5060>" });
  bench.calls[0]?.call.hangUp();
  expect(bench.last().to).toEqual({ address: "192.0.2.1", port: 5060 });
  const named = createBench();
  establish(named, { contact: "<sip:pbx@pbx.example>" });
  named.calls[0]?.call.hangUp();
  expect(named.last().to).toEqual({ address: "192.0.2.1", port: 5060 });
});

test("A handler that throws costs its call alone", () => {
  const bench = createBench({
    onCall: () => {
      throw new Error("bug");
    },
  });
  bench.receive(request({ body: offer }));
  expect(bench.fresh()).toEqual([100, 500]);
  expect(bench.failures).toHaveLength(1);
  expect(bench.signalling.status().dialogs).toBe(0);
  expect(remains(bench)).toEqual(nothing);
});

test("Answers copy Via, From, Call-ID and CSeq as they came", () => {
  const bench = createBench();
  const via =
    "Via: SIP/2.0/UDP 10.0.0.7:5062;branch=z9hG4bKa;rport, SIP/2.0/TCP [2001:db8::7];branch=z9hG4bKb\r\nv: SIP/2.0/UDP far.example;branch=z9hG4bKc";
  bench.receive(request({ via, method: "OPTIONS", callId: "caf\xe9 \xa0@x" }), { address: "192.0.2.77", port: 4711 });
  const { message, to } = bench.last();
  expect(to).toEqual({ address: "192.0.2.77", port: 4711 });
  expect(headerList(message, "via")).toEqual([
    "SIP/2.0/UDP 10.0.0.7:5062;branch=z9hG4bKa;rport=4711;received=192.0.2.77",
    "SIP/2.0/TCP [2001:db8::7];branch=z9hG4bKb",
    "SIP/2.0/UDP far.example;branch=z9hG4bKc",
  ]);
  expect(header(message, "call-id")).toBe("caf\xe9 \xa0@x");
});

test("Without rport the answer goes to the source address and the port in Via", () => {
  const bench = createBench();
  const from = { address: "192.0.2.77", port: 4711 };
  bench.receive(request({ via: "Via: SIP/2.0/UDP 192.0.2.77:5082;branch=z9hG4bKa", method: "OPTIONS" }), from);
  expect(bench.last().to).toEqual({ address: "192.0.2.77", port: 5082 });
  expect(headerOf(bench.last(), "via")).toBe("SIP/2.0/UDP 192.0.2.77:5082;branch=z9hG4bKa");
  bench.receive(request({ via: "Via: SIP/2.0/UDP 192.0.2.77;branch=z9hG4bKb", method: "OPTIONS" }), from);
  expect(bench.last().to).toEqual({ address: "192.0.2.77", port: 5060 });
});

test("A Record-Route that is no SIP URI is refused: our own requests would go by it", () => {
  for (const value of ["<sip:>", "<tel:100>", "<sip:192.0.2.2;lr>, <sip:@>", "nothing"]) {
    const bench = createBench();
    bench.receive(request({ body: offer, headers: [`Record-Route: ${value}`] }));
    expect(bench.fresh()).toEqual([400]);
    expect(bench.calls).toEqual([]);
  }
});

test("Of a peer of RFC 2543 without Contact, From is the target: it must be one", () => {
  const via = "Via: SIP/2.0/UDP 192.0.2.1:5060";
  for (const [from, status] of [
    ["sip:ada@192.0.2.1", 100],
    ["tel:+442079460100", 100],
    ["sip:\xb8\xb8", 400],
    ["mailto:ada@example.com", 400],
  ] as const) {
    const bench = createBench();
    const invite = request({ via, contact: undefined, body: offer });
    bench.receive(invite.replace(/^From: .*$/m, `From: <${from}>`));
    expect(bench.fresh()).toEqual([status]);
  }
});
