import { expect, test } from "bun:test";
import type { ReferTarget } from "../../../src/sip/leg-ports.ts";
import { headerOf, nothing, offer, otherPbx, remains, request } from "../bench.ts";
import {
  answeredLeg,
  contact,
  createLegBench,
  exchange,
  settled,
  theirSdp,
  usual,
  usualWay,
  withinLeg,
} from "../leg/leg-bench.ts";

type Bench = ReturnType<typeof createLegBench>;

const toExtension: ReferTarget = { kind: "extension", extension: "201" };

async function refer(bench: Bench, target: ReferTarget = toExtension): Promise<string[]> {
  const news: string[] = [];
  bench.signalling.refer(bench.callId, target, {
    accepted: () => void news.push("accepted"),
    progress: (status) => void news.push(`progress ${status}`),
    done: (outcome, status) => void news.push(status === undefined ? outcome : `${outcome} ${status}`),
  });
  expect(news).toEqual([]);
  await settled();
  return news;
}

let cseq = 100;
function notify(bench: Bench, body: string, { state = "active;expires=60", headers = [] as string[] } = {}): void {
  bench.receive(
    request({
      method: "NOTIFY",
      toTag: bench.toTag,
      cseq: ++cseq,
      headers: ["Event: refer", `Subscription-State: ${state}`, ...headers],
      type: "message/sipfrag;version=2.0",
      body,
    }),
  );
}

test("A REFER goes by the caller's dialog, to the extension at the PBX, and names us", async () => {
  const bench = createLegBench();
  await refer(bench);
  expect(bench.fresh()).toEqual(["REFER"]);
  const sent = bench.last();
  expect(sent.to).toEqual(exchange);
  expect(sent.text).toStartWith("REFER sip:pbx@192.0.2.1:5060 SIP/2.0\r\n");
  expect(headerOf(sent, "refer-to")).toBe("<sip:201@192.0.2.1>");
  expect(headerOf(sent, "referred-by")).toBe("<sip:gatehouse@192.0.2.1>");
  expect(headerOf(sent, "contact")).toBe("<sip:192.0.2.9:5060>");
  expect(headerOf(sent, "to")).toContain(";tag=theirs");
});

test("202, 100 Trying, 180, 200: accepted, its progress, succeeded once; what comes after is answered", async () => {
  const bench = createLegBench();
  const news = await refer(bench);
  bench.reply("REFER", 202);
  notify(bench, "SIP/2.0 100 Trying\r\n");
  notify(bench, "SIP/2.0 180 Ringing\r\n");
  notify(bench, "SIP/2.0 200 OK\r\n", { state: "terminated;reason=noresource" });
  notify(bench, "SIP/2.0 200 OK\r\n", { state: "terminated;reason=noresource" });
  expect(news).toEqual(["accepted", "progress 100", "progress 180", "succeeded 200"]);
  expect(bench.fresh()).toEqual(["REFER", 200, 200, 200, 200]);
  bench.clock.advance(32_000);
  notify(bench, "SIP/2.0 200 OK\r\n");
  expect(bench.fresh()).toEqual([481]);
  bench.calls[0]?.call.hangUp();
  expect(remains(bench)).toEqual(nothing);
});

test.each([
  ["a busy target", "SIP/2.0 486 Busy Here\r\n", "terminated;reason=noresource", "failed 486"],
  ["a target that did not answer", "SIP/2.0 480 Unavailable", "active;expires=10", "failed 480"],
  ["a body that says nothing", "hello", "terminated;reason=timeout", "unknown"],
  ["a provisional end", "SIP/2.0 100 Trying\r\n", "terminated;reason=giveup", "unknown"],
  ["a status out of range", "SIP/2.0 700 What\r\n", "terminated", "unknown"],
  ["another protocol", "HTTP/1.1 200 OK\r\n", "terminated", "unknown"],
])("%s", async (_name, body, state, outcome) => {
  const bench = createLegBench();
  const news = await refer(bench);
  bench.reply("REFER", 202);
  notify(bench, body, { state });
  expect(news[0]).toBe("accepted");
  expect(news.at(-1)).toBe(outcome);
  expect(bench.signalling.status().dialogs).toBe(1); // the caller is still ours
});

test.each([[403], [405], [501], [603]])("%d: refused, and the caller is still ours", async (status) => {
  const bench = createLegBench();
  const news = await refer(bench);
  bench.reply("REFER", status);
  expect(news).toEqual([`refused ${status}`]);
  notify(bench, "SIP/2.0 200 OK\r\n");
  expect(bench.calls[0]?.ended).toEqual([]);
  bench.calls[0]?.call.hangUp();
  expect(bench.last().method).toBe("BYE");
});

test("No answer at all is refused after 64*T1", async () => {
  const bench = createLegBench();
  const news = await refer(bench);
  bench.clock.advance(31_999);
  expect(news).toEqual([]);
  bench.clock.advance(1);
  expect(news).toEqual(["refused"]);
});

test("Accepted, and then nothing: unknown after 60 s without news; a NOTIFY's own time is waited for", async () => {
  const bench = createLegBench();
  const news = await refer(bench);
  bench.reply("REFER", 202);
  bench.clock.advance(50_000);
  notify(bench, "SIP/2.0 180 Ringing\r\n", { state: "active;expires=90" });
  bench.clock.advance(89_999);
  expect(news).toEqual(["accepted", "progress 180"]);
  bench.clock.advance(1);
  expect(news.at(-1)).toBe("unknown");
});

test("RFC 4488: a PBX that says there will be no NOTIFY is believed", async () => {
  const bench = createLegBench();
  const news = await refer(bench);
  bench.reply("REFER", 202, ["Refer-Sub: false"]);
  expect(news).toEqual(["accepted", "unknown"]);
});

test("The PBX hangs up on the caller once it has him: the last NOTIFY may still come (RFC 5057)", async () => {
  for (const heard of [true, false]) {
    const bench = createLegBench();
    const news = await refer(bench);
    bench.reply("REFER", 202);
    bench.receive(request({ method: "BYE", cseq: ++cseq, toTag: bench.toTag }));
    expect(bench.calls[0]?.ended).toEqual(["caller-hung-up"]);
    expect(news).toEqual(["accepted"]);
    bench.clock.advance(4_999);
    if (heard) notify(bench, "SIP/2.0 200 OK\r\n", { state: "terminated;reason=noresource" });
    else bench.clock.advance(1);
    expect(news.at(-1)).toBe(heard ? "succeeded 200" : "unknown");
    expect(remains(bench)).toEqual(nothing);
  }
});

test("We hang up before the last NOTIFY: BYE waits for it (jambonz #1428)", async () => {
  const bench = createLegBench();
  const news = await refer(bench);
  const { call } = bench.calls[0] ?? {};
  call?.hangUp();
  expect(bench.fresh()).toEqual(["REFER"]);
  bench.reply("REFER", 202);
  notify(bench, "SIP/2.0 180 Ringing\r\n");
  call?.hangUp();
  expect(bench.fresh()).toEqual([200]);
  expect(bench.calls[0]?.ended).toEqual([]);
  notify(bench, "SIP/2.0 200 OK\r\n", { state: "terminated;reason=noresource" });
  expect(news.at(-1)).toBe("succeeded 200");
  expect(bench.fresh()).toEqual([200, "BYE"]);
  expect(bench.calls[0]?.ended).toEqual(["we-hung-up"]);
  bench.reply("BYE", 200);
  expect(remains(bench)).toEqual(nothing);
});

test("We hang up and the last NOTIFY does not come: BYE leaves when a moment is over; going down waits for nothing", async () => {
  const bench = createLegBench();
  const news = await refer(bench);
  bench.reply("REFER", 202);
  bench.calls[0]?.call.hangUp();
  bench.clock.advance(1_500);
  bench.calls[0]?.call.hangUp();
  // A PBX that goes on and on about it does not keep a caller on a silent line.
  for (let passedMs = 1_500; passedMs < 2_900; passedMs += 200) {
    notify(bench, "SIP/2.0 100 Trying\r\n");
    bench.clock.advance(200);
  }
  bench.clock.advance(99);
  expect(bench.fresh().filter((one) => one !== 200)).toEqual(["REFER"]);
  bench.clock.advance(1);
  expect(bench.fresh()).toEqual(["BYE"]);
  expect(news.at(-1)).toBe("unknown");
  expect(bench.calls[0]?.ended).toEqual(["we-hung-up"]);

  const unanswered = createLegBench();
  await refer(unanswered);
  unanswered.calls[0]?.call.hangUp();
  unanswered.clock.advance(3_000);
  expect(unanswered.fresh().at(-1)).toBe("BYE");

  const going = createLegBench();
  await refer(going);
  going.reply("REFER", 202);
  going.signalling.hangUpAll();
  expect(going.fresh()).toEqual(["REFER", "BYE"]);
});

test("A NOTIFY that comes before the 202 counts, and the 202 is no news then", async () => {
  const bench = createLegBench();
  const news = await refer(bench);
  notify(bench, "SIP/2.0 200 OK\r\n", { state: "terminated;reason=noresource" });
  bench.reply("REFER", 202);
  expect(news).toEqual(["accepted", "succeeded 200"]);
});

test("A NOTIFY about something else, about another REFER, or about none is 481", async () => {
  const bench = createLegBench();
  notify(bench, "SIP/2.0 200 OK\r\n");
  const news = await refer(bench);
  bench.reply("REFER", 202);
  const id = headerOf(bench.sentLast("REFER"), "cseq")?.split(" ")[0] ?? "";
  bench.receive(request({ method: "NOTIFY", cseq: ++cseq, toTag: bench.toTag, headers: ["Event: presence"] }));
  bench.receive(
    request({ method: "NOTIFY", cseq: ++cseq, toTag: bench.toTag, headers: [`Event: refer;id=${Number(id) + 1}`] }),
  );
  bench.receive(request({ method: "NOTIFY", cseq: ++cseq, headers: ["Event: refer"] }));
  bench.receive(request({ method: "NOTIFY", cseq: ++cseq, toTag: "nobody", headers: ["Event: refer"] }));
  expect(bench.fresh()).toEqual([481, "REFER", 481, 481, 481, 481]);
  expect(news).toEqual(["accepted"]);
  bench.receive(
    request({
      method: "NOTIFY",
      cseq: ++cseq,
      toTag: bench.toTag,
      headers: [`Event: refer;id=${id}`, "Subscription-State: terminated"],
      type: "message/sipfrag",
      body: "SIP/2.0 200 OK",
    }),
  );
  expect(news.at(-1)).toBe("succeeded 200");
});

test("Onto a leg: Refer-To names its extension, and the dialog as its owner sees it (RFC 3891 §6.1)", async () => {
  const bench = createLegBench();
  const { leg, news: legNews } = await answeredLeg(bench);
  const news = await refer(bench, { kind: "leg", legId: leg.id });
  const invite = bench.sentLast("INVITE").message;
  const ours = /;tag=(\S+)/.exec(headerOf(bench.sentLast("INVITE"), "from") ?? "")?.[1];
  expect(headerOf(bench.last(), "refer-to")).toBe(
    `<sip:201@192.0.2.1?Replaces=${invite.callId}%3Bto-tag%3Dphone-1%3Bfrom-tag%3D${ours}>`,
  );
  bench.reply("REFER", 202);
  // The PBX joins the two and needs us no more: both dialogs end.
  bench.receive(withinLeg(bench, "BYE", 1));
  notify(bench, "SIP/2.0 200 OK\r\n", { state: "terminated;reason=noresource" });
  bench.receive(request({ method: "BYE", cseq: ++cseq, toTag: bench.toTag }));
  expect(legNews.at(-1)).toBe("ended replaced");
  expect(news).toEqual(["accepted", "succeeded 200"]);
  expect(remains(bench)).toEqual(nothing);
});

test("Where the PBX refuses Replaces, a leg that hangs up later has hung up", async () => {
  const bench = createLegBench();
  const { leg, news } = await answeredLeg(bench);
  const told = await refer(bench, { kind: "leg", legId: leg.id });
  bench.reply("REFER", 603);
  expect(told).toEqual(["refused 603"]);
  bench.receive(withinLeg(bench, "BYE", 1));
  expect(news.at(-1)).toBe("ended they-hung-up");
});

test.each([
  ["an extension that is not allowed", { kind: "extension", extension: "0900123456" }],
  ["an extension with a host", { kind: "extension", extension: "201@203.0.113.66" }],
  ["a leg that is not there", { kind: "leg", legId: "no-such-leg" }],
] as const)("%s: refused, and no byte is sent", async (_name, target) => {
  const bench = createLegBench();
  const news = await refer(bench, target);
  bench.clock.advance(0);
  expect(news).toEqual(["refused"]);
  expect(bench.fresh()).toEqual([]);
});

test("A leg of another trunk's: its PBX knows nothing of the dialog, so nothing is sent", async () => {
  const there = { trunk: "other", extensions: ["300"], identity: "gatehouse" };
  const bench = createLegBench({ settings: [usual, there] });
  bench.receive(request({ callId: "there", body: offer }), otherPbx);
  const forCall = bench.calls[1]?.call.id ?? "";
  const { leg } = await bench.place({ forCall, extension: "300" });
  bench.reply("INVITE", 200, [contact], theirSdp);
  bench.fresh();
  const news = await refer(bench, { kind: "leg", legId: leg.id });
  bench.clock.advance(0);
  expect(news).toEqual(["refused"]);
  expect(bench.fresh()).not.toContain("REFER");
});

test("A leg that still rings, a call that is over, a second REFER at a time: refused", async () => {
  const bench = createLegBench();
  const { leg } = await bench.place();
  bench.reply("INVITE", 180, [contact]);
  const ringing = await refer(bench, { kind: "leg", legId: leg.id });
  bench.clock.advance(0);
  expect(ringing).toEqual(["refused"]);
  await refer(bench);
  const second = await refer(bench);
  bench.clock.advance(0);
  expect(second).toEqual(["refused"]);
  expect(bench.fresh()).toEqual(["INVITE", "REFER"]);
  bench.receive(request({ method: "BYE", cseq: ++cseq, toTag: bench.toTag }));
  const late = await refer(bench);
  bench.clock.advance(0);
  expect(late).toEqual(["refused"]);
});

test("A challenge of our realm is answered once; another realm's is a refusal", async () => {
  const credentials = { username: "1000", password: "secret", realm: "pbx.test" };
  const bench = createLegBench({ way: async () => ({ ...usualWay, credentials }) });
  const news = await refer(bench);
  const challenge = (realm: string) => `Proxy-Authenticate: Digest realm="${realm}", nonce="n1", qop="auth"`;
  bench.reply("REFER", 407, [challenge("pbx.test")]);
  expect(bench.fresh()).toEqual(["REFER", "REFER"]);
  expect(headerOf(bench.last(), "proxy-authorization")).toContain('realm="pbx.test", nonce="n1"');
  expect(headerOf(bench.last(), "refer-to")).toBe("<sip:201@192.0.2.1>");
  bench.reply("REFER", 407, [challenge("pbx.test")]);
  expect(news).toEqual(["refused 407"]);

  // A call that came from another peer of the trunk: what it asks for is not the registrar's to know.
  const apart = createLegBench({
    way: async () => ({ ...usualWay, credentials, flow: { address: "192.0.2.2", port: 5060 } }),
  });
  const unheard = await refer(apart);
  apart.reply("REFER", 407, [challenge("pbx.test")]);
  expect(unheard).toEqual(["refused 407"]);

  const other = createLegBench({ way: async () => ({ ...usualWay, credentials }) });
  const told = await refer(other);
  other.reply("REFER", 407, [challenge("elsewhere.test")]);
  expect(told).toEqual(["refused 407"]);
  expect(other.fresh()).toEqual(["REFER"]);
});
