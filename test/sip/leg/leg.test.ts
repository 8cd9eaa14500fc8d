import { expect, test } from "bun:test";
import { answerTo, headerOf, nothing, offer, remains, request } from "../bench.ts";
import {
  answeredLeg,
  contact,
  createLegBench,
  exchange,
  settled,
  tagged,
  theirSdp,
  usualWay,
  withinLeg,
} from "./leg-bench.ts";

test("A leg's INVITE goes to the PBX, says who we are, and carries our offer", async () => {
  const bench = createLegBench();
  await bench.place();
  expect(bench.fresh()).toEqual(["INVITE"]);
  const sent = bench.last();
  expect(sent.to).toEqual(exchange);
  expect(sent.text).toStartWith("INVITE sip:201@192.0.2.1 SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bK");
  expect(headerOf(sent, "max-forwards")).toBe("70");
  expect(headerOf(sent, "from")).toStartWith("<sip:gatehouse@192.0.2.1>;tag=");
  expect(headerOf(sent, "to")).toBe("<sip:201@192.0.2.1>");
  expect(headerOf(sent, "p-asserted-identity")).toBe("<sip:gatehouse@192.0.2.1>");
  expect(headerOf(sent, "contact")).toBe("<sip:gatehouse@192.0.2.9:5060>");
  expect(headerOf(sent, "supported")).toBe("100rel, timer, replaces");
  expect(headerOf(sent, "session-expires")).toBeUndefined();
  expect(sent.text).toEndWith(offer);
});

test("It rings, it is answered, it is acknowledged, it hangs up: BYE by the route that the 200 gave", async () => {
  const bench = createLegBench();
  const { leg, news } = await bench.place();
  bench.reply("INVITE", 100);
  bench.reply("INVITE", 180, [contact]);
  bench.reply("INVITE", 183, [contact], theirSdp);
  expect(news).toEqual(["ringing", "ringing+sdp"]);
  const routes = ["Record-Route: <sip:192.0.2.1:5070;lr>", "Record-Route: <sip:192.0.2.1:5060;lr>"];
  bench.reply("INVITE", 200, ["Contact: <sip:201@192.0.2.40:5062>", ...routes], theirSdp);
  expect(news.slice(2)).toEqual(["answered theirs"]);
  expect(bench.fresh()).toEqual(["INVITE", "ACK"]);
  const ack = bench.last();
  expect(ack.text).toStartWith("ACK sip:201@192.0.2.40:5062 SIP/2.0\r\n");
  expect(headerOf(ack, "route")).toBe("<sip:192.0.2.1:5060;lr>"); // RFC 3261 §12.1.2: in reverse
  expect(ack.message.cseq.number).toBe(bench.sentLast("INVITE").message.cseq.number);
  expect(bench.signalling.status()).toMatchObject({ dialogs: 2, legs: 1 });
  leg.hangUp();
  leg.hangUp();
  expect(bench.fresh()).toEqual(["BYE"]);
  expect(bench.last().message.cseq.number).toBe(2);
  bench.reply("BYE", 200);
  expect(news.slice(3)).toEqual(["ended we-hung-up"]);
  expect(bench.summaries).toMatchObject([{ callId: bench.callId, extension: "201", end: "we-hung-up", talkMs: 0 }]);
  bench.calls[0]?.call.hangUp();
  expect(remains(bench)).toEqual(nothing);
  expect(bench.signalling.status().legs).toBe(0);
});

test("The same 200 again is acknowledged again, also after the leg has ended; it is answered once", async () => {
  const bench = createLegBench();
  const { leg, news } = await answeredLeg(bench);
  bench.reply("INVITE", 200, [contact], theirSdp);
  expect(bench.fresh()).toEqual(["ACK"]);
  leg.hangUp();
  bench.reply("BYE", 200);
  bench.reply("INVITE", 200, [contact], theirSdp);
  expect(bench.fresh()).toEqual(["BYE", "ACK"]);
  expect(news).toEqual(["answered theirs", "ended we-hung-up"]);
});

test("Surplus 200s of other forks are acknowledged and ended, once each; the first is the leg (RFC 3261 §13.2.2.4)", async () => {
  const bench = createLegBench();
  const { news } = await answeredLeg(bench);
  const other = (tag: string) => tagged(answerTo(bench.sentLast("INVITE"), 200, [contact], theirSdp), 200, tag);
  bench.receive(other("phone-2"));
  expect(bench.fresh()).toEqual(["ACK", "BYE"]);
  expect(headerOf(bench.last(), "to")).toContain("tag=phone-2");
  bench.receive(other("phone-2"));
  expect(bench.fresh()).toEqual(["ACK"]);
  bench.receive(other("phone-3"));
  expect(bench.fresh()).toEqual(["ACK", "BYE"]);
  expect(news).toEqual(["answered theirs"]);
});

test("Hung up before any answer: CANCEL waits for a provisional one (RFC 3261 §9.1)", async () => {
  const bench = createLegBench();
  const { leg, news } = await bench.place();
  bench.fresh();
  leg.hangUp();
  expect(news).toEqual(["ended we-hung-up"]);
  expect(bench.fresh()).toEqual([]);
  bench.reply("INVITE", 100);
  expect(bench.fresh()).toEqual(["CANCEL"]);
  const [invite, cancel] = [bench.sentLast("INVITE"), bench.last()];
  for (const name of ["via", "from", "to", "call-id"]) expect(headerOf(cancel, name)).toBe(headerOf(invite, name));
  expect(headerOf(cancel, "cseq")).toBe("1 CANCEL");
  expect(cancel.text.split("\r\n")[0]).toBe("CANCEL sip:201@192.0.2.1 SIP/2.0");
  bench.reply("CANCEL", 200);
  bench.reply("INVITE", 487);
  expect(bench.fresh()).toEqual(["ACK"]);
  expect(headerOf(bench.last(), "via")).toBe(headerOf(invite, "via"));
  bench.calls[0]?.call.hangUp();
  expect(remains(bench)).toEqual(nothing);
});

test("A 200 that crosses our CANCEL gets ACK and BYE, and nobody hears of it", async () => {
  const bench = createLegBench();
  const { leg, news } = await bench.place();
  bench.reply("INVITE", 180);
  leg.hangUp();
  bench.reply("CANCEL", 200);
  bench.fresh();
  bench.reply("INVITE", 200, [contact], theirSdp);
  expect(bench.fresh()).toEqual(["ACK", "BYE"]);
  bench.reply("BYE", 200);
  expect(news).toEqual(["ringing", "ended we-hung-up"]);
  expect(bench.summaries).toHaveLength(1);
  bench.calls[0]?.call.hangUp();
  expect(remains(bench)).toEqual(nothing);
});

test("A CANCEL that nothing answers: the INVITE is given up after 64*T1", async () => {
  const bench = createLegBench();
  const { leg } = await bench.place();
  bench.reply("INVITE", 180);
  leg.hangUp();
  bench.clock.advance(32_000);
  bench.calls[0]?.call.hangUp();
  bench.reply("BYE", 200);
  bench.clock.advance(5_000);
  expect(bench.signalling.status()).toMatchObject({ transactions: 0, legs: 0, timers: 0 });
});

test("Nobody answers within ringMs: CANCEL, no-answer", async () => {
  const bench = createLegBench();
  const { news } = await bench.place({ ringMs: 15_000 });
  bench.reply("INVITE", 180);
  bench.fresh();
  bench.clock.advance(14_999);
  expect(bench.fresh()).toEqual([]);
  bench.clock.advance(1);
  expect(bench.fresh()).toEqual(["CANCEL"]);
  expect(news).toEqual(["ringing", "ended no-answer"]);
});

test("A PBX that says nothing at all is unreachable after 8 s; its late 180 is cancelled", async () => {
  const bench = createLegBench();
  const { news } = await bench.place();
  bench.clock.advance(7_999);
  expect(news).toEqual([]);
  bench.clock.advance(1);
  expect(news).toEqual(["ended unreachable"]);
  bench.fresh();
  bench.reply("INVITE", 180);
  expect(bench.fresh()).toEqual(["CANCEL"]);
});

test.each([
  [302, "unreachable"],
  [403, "declined"],
  [404, "unreachable"],
  [408, "no-answer"],
  [410, "unreachable"],
  [480, "no-answer"],
  [482, "looped"],
  [483, "looped"],
  [486, "busy"],
  [488, "media"],
  [500, "unreachable"],
  [503, "unreachable"],
  [600, "busy"],
  [603, "declined"],
  [606, "media"],
])("%d is acknowledged, and ends the leg as %s; nothing else is sent", async (status, end) => {
  const bench = createLegBench();
  const { news } = await bench.place();
  bench.reply("INVITE", status, ["Contact: <sip:0900123456@203.0.113.66>"]);
  expect(news).toEqual([`ended ${end} ${status}`]);
  expect(bench.fresh()).toEqual(["INVITE", "ACK"]);
  bench.reply("INVITE", status);
  expect(bench.fresh()).toEqual(["ACK"]);
  bench.calls[0]?.call.hangUp();
  expect(remains(bench)).toEqual(nothing);
});

test("A 200 without a session description is acknowledged and ended; one that a 183 answered reliably stands", async () => {
  const bare = createLegBench();
  const { news } = await bare.place();
  bare.reply("INVITE", 200, [contact]);
  expect(bare.fresh()).toEqual(["INVITE", "ACK", "BYE"]);
  expect(news).toEqual(["ended media 200"]);

  const bench = createLegBench();
  const early = await bench.place();
  bench.reply("INVITE", 183, [contact, "Require: 100rel", "RSeq: 7"], theirSdp);
  bench.reply("INVITE", 200, [contact]);
  expect(early.news).toEqual(["ringing+sdp", "answered theirs"]);
});

test("Reliable provisional responses are acknowledged by PRACK, in order, once each; others never (RFC 3262 §4)", async () => {
  const bench = createLegBench();
  const { leg, news } = await bench.place();
  bench.reply("INVITE", 180, [contact]);
  bench.fresh();
  const reliable = (rseq: number, status = 183) =>
    bench.reply("INVITE", status, [contact, "Require: 100rel", `RSeq: ${rseq}`], theirSdp);
  reliable(7);
  expect(bench.fresh()).toEqual(["PRACK"]);
  expect(headerOf(bench.last(), "rack")).toBe("7 1 INVITE");
  expect(headerOf(bench.last(), "cseq")).toBe("2 PRACK");
  reliable(7);
  reliable(9);
  expect(bench.fresh()).toEqual([]);
  reliable(8, 180);
  expect(headerOf(bench.last(), "rack")).toBe("8 1 INVITE");
  expect(news).toEqual(["ringing", "ringing+sdp", "ringing+sdp"]);
  bench.reply("INVITE", 200, [contact], theirSdp);
  expect(headerOf(bench.last(), "cseq")).toBe("1 ACK");
  leg.hangUp();
  expect(headerOf(bench.last(), "cseq")).toBe("4 BYE");
});

const credentials = { username: "auth-7", password: "secret", realm: "pbx.test" };
const challenge = (realm: string, nonce: string, stale = "") =>
  `WWW-Authenticate: Digest realm="${realm}", nonce="${nonce}", qop="auth", algorithm=SHA-256${stale}`;

test("A challenge of our realm is answered once, and once more for a nonce that was too old", async () => {
  const bench = createLegBench({ way: async () => ({ ...usualWay, domain: "pbx.test", credentials }) });
  const { news } = await bench.place();
  const first = bench.last();
  bench.reply("INVITE", 401, [challenge("elsewhere.test", "x"), challenge("pbx.test", "n1")]);
  expect(bench.fresh()).toEqual(["INVITE", "ACK", "INVITE"]);
  expect(headerOf(bench.last(), "authorization")).toContain('realm="pbx.test", nonce="n1", uri="sip:201@pbx.test"');
  expect(headerOf(bench.last(), "cseq")).toBe("2 INVITE");
  expect(headerOf(bench.last(), "via")).not.toBe(headerOf(first, "via"));
  expect(headerOf(bench.last(), "call-id")).toBe(headerOf(first, "call-id") ?? "");
  bench.reply("INVITE", 401, [challenge("pbx.test", "n2", ", stale=true")]);
  expect(headerOf(bench.last(), "authorization")).toContain('nonce="n2"');
  bench.fresh();
  bench.reply("INVITE", 401, [challenge("pbx.test", "n3", ", stale=true")]);
  expect(bench.fresh()).toEqual(["ACK"]);
  expect(news).toEqual(["ended credentials 401"]);
  bench.calls[0]?.call.hangUp();
  expect(remains(bench)).toEqual(nothing);
});

test.each([
  ["another realm", credentials, challenge("elsewhere.test", "n1")],
  ["no password of ours", undefined, challenge("pbx.test", "n1")],
  ["an algorithm that is not spoken", credentials, 'WWW-Authenticate: Digest realm="pbx.test", nonce="n", algorithm=X'],
])("%s: the challenge is not answered", async (_name, ours, header) => {
  const bench = createLegBench({ way: async () => ({ ...usualWay, credentials: ours }) });
  const { news } = await bench.place();
  bench.reply("INVITE", 401, [header]);
  expect(bench.fresh()).toEqual(["INVITE", "ACK"]);
  expect(news).toEqual(["ended credentials 401"]);
});

test("A session interval that is too small for the PBX is asked for longer, once (RFC 4028 §7.3)", async () => {
  const bench = createLegBench();
  const { news } = await bench.place();
  bench.reply("INVITE", 422, ["Min-SE: 1800"]);
  expect(headerOf(bench.last(), "session-expires")).toBe("1800");
  expect(headerOf(bench.last(), "min-se")).toBe("1800");
  bench.reply("INVITE", 422, ["Min-SE: 1800"]);
  expect(news).toEqual(["ended unreachable 422"]);
});

test("The PBX's requests within the leg: re-INVITE, INFO, OPTIONS, REFER, BYE", async () => {
  const bench = createLegBench();
  const { news } = await answeredLeg(bench, { reoffered: () => offer });
  bench.receive(withinLeg(bench, "INVITE", 1, { body: theirSdp }));
  expect(bench.fresh()).toEqual([200]);
  expect(headerOf(bench.last(), "contact")).toBe("<sip:gatehouse@192.0.2.9:5060>");
  bench.receive(withinLeg(bench, "ACK", 1));
  bench.receive(
    withinLeg(bench, "INFO", 2, {
      headers: ["Content-Type: application/dtmf-relay"],
      body: "Signal=1\r\nDuration=160\r\n",
    }),
  );
  bench.receive(withinLeg(bench, "OPTIONS", 3));
  bench.receive(withinLeg(bench, "REFER", 4, { headers: ["Refer-To: <sip:0900123456@203.0.113.66>"] }));
  bench.receive(withinLeg(bench, "BYE", 5));
  expect(bench.fresh()).toEqual([200, 200, 603, 200]);
  expect(news).toEqual(["answered theirs", "reoffered", "digit 1 160", "ended they-hung-up"]);
});

test("A session timer of the PBX's 200 runs as in any call: we refresh to the PBX, or end the leg (RFC 4028 §7.2)", async () => {
  const bench = createLegBench();
  const { news } = await answeredLeg(bench, {}, ["Session-Expires: 90;refresher=uac", "Allow: INVITE, UPDATE"]);
  bench.clock.advance(45_000);
  expect(bench.fresh()).toEqual(["UPDATE"]);
  bench.reply("UPDATE", 200, [contact, "Session-Expires: 90;refresher=uac"]);
  bench.clock.advance(45_000);
  bench.reply("UPDATE", 481);
  expect(bench.last().method).toBe("BYE");
  expect(news.at(-1)).toBe("ended transport-failed");
});

test("Glare: the side that made the Call-ID waits 2.1 to 4 s (RFC 3261 §14.1)", async () => {
  const bench = createLegBench();
  await answeredLeg(bench, {}, ["Session-Expires: 90;refresher=uac"]);
  bench.clock.advance(45_000);
  expect(bench.fresh()).toEqual(["INVITE"]);
  expect(bench.last().to).toEqual(exchange);
  bench.reply("INVITE", 491);
  bench.fresh();
  bench.clock.advance(2_099);
  expect(bench.fresh()).toEqual([]);
  bench.clock.advance(1_901);
  expect(bench.fresh()[0]).toBe("INVITE");
});

test("While it rings the other side may update its target, not offer, not hang up; strangers to the leg are 481", async () => {
  const bench = createLegBench();
  await bench.place();
  bench.reply("INVITE", 180, [contact]);
  bench.fresh();
  bench.receive(withinLeg(bench, "UPDATE", 1));
  bench.receive(withinLeg(bench, "UPDATE", 2, { body: theirSdp }));
  bench.receive(withinLeg(bench, "BYE", 3));
  expect(bench.fresh()).toEqual([200, 491, 481]);
});

test("A way that cannot be opened is unreachable, and nothing is sent", async () => {
  const bench = createLegBench({ way: () => Promise.reject(new Error("no route")) });
  const { news } = await bench.place();
  expect(news).toEqual(["ended unreachable"]);
  expect(bench.fresh()).toEqual([]);
  expect(bench.signalling.status().legs).toBe(0);
});

test("Hung up while the way is being opened: nothing is ever sent", async () => {
  const way = Promise.withResolvers<typeof usualWay>();
  const bench = createLegBench({ way: () => way.promise });
  const { leg, news } = await bench.place();
  leg.hangUp();
  way.resolve(usualWay);
  await settled();
  expect(news).toEqual(["ended we-hung-up"]);
  expect(bench.fresh()).toEqual([]);
  expect(bench.signalling.status().legs).toBe(0);
});

test("The caller hangs up: his transfer's leg is cancelled, an alert to the person on call rings on", async () => {
  for (const purpose of ["transfer", "on-call"] as const) {
    const bench = createLegBench();
    const { news } = await bench.place({ purpose });
    bench.reply("INVITE", 180);
    bench.fresh();
    bench.receive(request({ method: "BYE", cseq: 2, toTag: bench.toTag }));
    expect(bench.fresh()).toEqual(purpose === "transfer" ? [200, "CANCEL"] : [200]);
    expect(news.slice(1)).toEqual(purpose === "transfer" ? ["ended we-hung-up"] : []);
  }
});

test("Going down, legs are cancelled or ended with the rest", async () => {
  const bench = createLegBench();
  const { news } = await answeredLeg(bench);
  bench.signalling.hangUpAll();
  expect(bench.fresh()).toEqual(["BYE", "BYE"]);
  expect(news.at(-1)).toBe("ended shutdown");
  let idle = false;
  bench.signalling.whenIdle(() => {
    idle = true;
  });
  for (const bye of bench.sent.slice(-2)) bench.receive(answerTo(bye, 200));
  expect(idle).toBe(true);
});

test("An owner whose handlers throw harms only itself", async () => {
  const bench = createLegBench();
  const broken = () => {
    throw new Error("a bug");
  };
  const { news } = await bench.place({}, { ringing: broken, answered: broken, ended: broken });
  bench.reply("INVITE", 180, [contact]);
  bench.reply("INVITE", 200, [contact], theirSdp);
  bench.receive(withinLeg(bench, "BYE", 1));
  expect(news).toEqual(["ringing", "answered theirs", "ended they-hung-up"]);
  expect(bench.failures).toHaveLength(3);
});
