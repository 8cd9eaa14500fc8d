/**
 * 10,000 ways to make us call somebody. Whatever is asked of the user agent, by its owner or by the network, and whatever
 * the PBX answers: what leaves as an INVITE or a REFER goes to the PBX, and is for an extension that is allowed.
 */
import { afterAll, expect, test } from "bun:test";
import { createAllowList } from "../../../src/sip/leg/allow-list.ts";
import type { LegRequest, ReferHandlers } from "../../../src/sip/leg-ports.ts";
import { header, headerLines, type SipRequest } from "../../../src/sip/message/message.ts";
import { tagOf } from "../../../src/sip/message/name-addr.ts";
import { answerTo, offer, ourSdp, type Sent } from "../bench.ts";
import { type Random, seeded } from "../random.ts";
import { allowed, evilChallenge, evilExtension, evilHeaders, evilRequest, evilUri, realm } from "./hostile.ts";
import { contact, createLegBench, type LegBench, settled, tagged, usualWay, withinLeg } from "./leg-bench.ts";

const counts = { attempts: 0, invites: 0, refreshes: 0, refers: 0, otherRequests: 0 };
const users = allowed.map((extension) => extension.replaceAll("#", "%23"));
const beginning = new Set(users.map((user) => `sip:${user}@192.0.2.1`));
const ourHeaders = [
  "via",
  "max-forwards",
  "from",
  "to",
  "call-id",
  "cseq",
  "contact",
  "p-asserted-identity",
  "allow",
  "supported",
  "session-expires",
  "min-se",
  "authorization",
  "proxy-authorization",
  "content-type",
  "content-length",
];
const referTo = new RegExp(
  `^<sip:(${users.map((user) => user.replace(/[*]/g, "\\*")).join("|")})@192\\.0\\.2\\.1(\\?Replaces=[^@?<>&]+)?>$`,
);

/** The words above, for one datagram that left. */
function judge(sent: Sent): void {
  const { message } = sent;
  if (message.kind !== "request") return;
  for (const name of ["authorization", "proxy-authorization"]) {
    for (const value of headerLines(message, name)) expect(value).toContain(`realm="${realm}"`);
  }
  if (message.method === "INVITE") judgeInvite(message, sent);
  else if (message.method === "REFER") judgeRefer(message, sent);
  else counts.otherRequests += 1;
}

function judgeInvite(message: SipRequest, { to, text }: Sent): void {
  expect(to.address).toBe("192.0.2.1");
  if (tagOf(message.to) !== undefined) {
    counts.refreshes += 1; // within a dialog that is there: it can begin nothing
    return;
  }
  counts.invites += 1;
  expect(to).toEqual(usualWay.flow);
  expect(beginning).toContain(message.uri);
  expect(message.to.uri).toBe(message.uri);
  const names = message.headers.map(({ name }) => name);
  expect(names.filter((name) => !ourHeaders.includes(name))).toEqual([]);
  expect(new Set(names).size).toBe(names.length);
  expect(text.match(/ SIP\/2\.0\r\n/g)).toHaveLength(1);
  expect(text).toEndWith(`\r\n\r\n${offer}`);
}

function judgeRefer(message: SipRequest, { to }: Sent): void {
  counts.refers += 1;
  expect(to.address).toBe("192.0.2.1");
  expect(tagOf(message.to)).toBeDefined();
  expect(headerLines(message, "refer-to")).toHaveLength(1);
  expect(header(message, "refer-to")).toMatch(referTo);
  expect(headerLines(message, "referred-by")).toEqual(["<sip:gatehouse@192.0.2.1>"]);
}

const credentials = { username: "1000", password: "secret", realm };

function newBench(): LegBench {
  return createLegBench({
    settings: [{ trunk: "pbx", extensions: allowed, identity: "gatehouse" }],
    way: async () => ({ ...usualWay, credentials }),
    legLimits: { maxLegs: 1_000, perMinute: 1_000_000 },
    limits: { invitesPerSecond: 100_000, othersPerSecond: 100_000, earlyDialogs: 10_000 },
    handlers: { reoffered: () => ourSdp, ended: () => undefined },
  });
}

/** @param attempt One; what leaves because of it is judged before the next. */
async function attack(many: number, seed: number, attempt: (bench: LegBench, random: Random) => Promise<void>) {
  const random = seeded(seed);
  let bench = newBench();
  let judged = 0;
  for (let at = 0; at < many; at += 1) {
    if (at % 40 === 39) {
      bench = newBench();
      judged = 0;
    }
    await attempt(bench, random);
    counts.attempts += 1;
    for (; judged < bench.sent.length; judged += 1) judge(bench.sent[judged] ?? bench.last());
    expect(bench.failures).toEqual([]);
  }
}

const nothing = () => undefined;
const deaf: ReferHandlers = { accepted: nothing, done: nothing };

test("Extensions that are not allowed, however they are written: no byte leaves", async () => {
  await attack(4_000, 1, async (bench, random) => {
    const wanted = evilExtension(random);
    const before = bench.sent.length;
    const exact = allowed.some((extension) => extension === wanted);
    const ends: string[] = [];
    const request = { purpose: "transfer", forCall: bench.callId, extension: wanted, offer, ringMs: 1_000 };
    const leg = bench.signalling.placeLeg(request as LegRequest, {
      ringing: nothing,
      answered: nothing,
      reoffered: nothing,
      ended: (end) => void ends.push(end),
    });
    await settled();
    bench.clock.advance(0);
    if (exact) leg.hangUp();
    else {
      expect(ends).toEqual(["not-allowed"]);
      expect(bench.sent.slice(before).filter(({ message }) => message.kind === "request")).toEqual([]);
    }
  });
}, 60_000);

test("Calls that are not there, or not the caller's: no byte leaves", async () => {
  await attack(500, 2, async (bench, random) => {
    const forCall = random.pick([
      "",
      "call-1",
      bench.toTag,
      `${bench.callId} `,
      bench.callId.toUpperCase(),
      "__proto__",
    ]);
    const before = bench.sent.length;
    const { news } = await bench.place({ forCall: forCall === bench.callId ? "x" : forCall, extension: "201" });
    bench.clock.advance(0);
    expect(news).toEqual(["ended not-allowed"]);
    expect(bench.sent).toHaveLength(before);
  });
}, 60_000);

test("Whatever the PBX answers to a leg, it leads nowhere else", async () => {
  await attack(2_500, 3, async (bench, random) => {
    const { leg } = await bench.place({ extension: random.pick(allowed) });
    for (let rounds = 1 + random.below(4); rounds > 0; rounds -= 1) {
      const status = random.pick([
        180, 183, 200, 200, 300, 301, 302, 305, 380, 401, 407, 420, 421, 422, 485, 491, 494, 503,
      ]);
      const challenges = status === 401 || status === 407 ? evilChallenge(random, status === 407) : [];
      const body = random.below(2) === 0 ? offer : "";
      const headers = [...challenges, ...evilHeaders(random)];
      bench.receive(tagged(answerTo(bench.sentLast("INVITE"), status, headers, body), status, `t${random.below(3)}`));
      if (random.below(3) === 0) bench.clock.advance(random.pick([500, 4_000, 50_000]));
    }
    if (random.below(2) === 0)
      bench.receive(
        withinLeg(bench, random.pick(["INVITE", "UPDATE", "REFER", "NOTIFY"]), 1, {
          headers: evilHeaders(random),
          body: offer,
          tag: `t${random.below(3)}`,
        }),
      );
    bench.clock.advance(random.pick([0, 50_000]));
    leg.hangUp();
  });
}, 60_000);

test("A caller is sent to nobody else, whatever the REFER is asked for and whatever is answered to it", async () => {
  await attack(2_000, 4, async (bench, random) => {
    const target = random.pick<() => unknown>([
      () => ({ kind: "extension", extension: evilExtension(random) }),
      () => ({ kind: "leg", legId: evilExtension(random) }),
      () => ({ kind: "extension", extension: random.pick(allowed) }),
    ])();
    bench.signalling.refer(bench.callId, target as { kind: "extension"; extension: string }, deaf);
    await settled();
    if (bench.sent.at(-1)?.method === "REFER") {
      const status = random.pick([202, 200, 302, 401, 407, 420, 603]);
      const challenges = status === 401 || status === 407 ? evilChallenge(random, status === 407) : [];
      bench.receive(answerTo(bench.last(), status, [...challenges, ...evilHeaders(random)]));
      bench.receive(evilRequest(random, bench.toTag));
    }
    bench.clock.advance(random.pick([0, 0, 70_000]));
  });
}, 60_000);

test("Onto an answered leg: Refer-To names its extension, whatever Contact and routes the leg's answer gave", async () => {
  await attack(500, 5, async (bench, random) => {
    const { leg } = await bench.place({ extension: random.pick(allowed) });
    const timer = "Session-Expires: 90;refresher=uac"; // so that the leg refreshes itself, by wherever it is led
    const headers = random.below(2) === 0 ? [timer, ...evilHeaders(random)] : [timer, contact];
    const tag = random.pick(["a", 'a"b', "x%3Bto-tag%3Dy", "a&Route=%3Csip:evil.example%3E", "a?x", "é>"]);
    bench.receive(tagged(answerTo(bench.sentLast("INVITE"), 200, headers, offer), 200, tag));
    bench.signalling.refer(bench.callId, { kind: "leg", legId: leg.id }, deaf);
    await settled();
    bench.clock.advance(70_000);
    leg.hangUp();
  });
}, 60_000);

test("Requests of the network: inbound REFER, Replaces, routes, NOTIFYs and what they carry make us call nobody", async () => {
  const before = { ...counts };
  await attack(2_000, 6, async (bench, random) => {
    bench.receive(evilRequest(random, bench.toTag));
    if (random.below(20) === 0) bench.clock.advance(40_000);
  });
  expect(counts.invites).toBe(before.invites);
  expect(counts.refers).toBe(before.refers);
}, 60_000);

test("Settings with what is no extension begin nothing", async () => {
  await attack(500, 7, async (_bench, random) => {
    const extension =
      random.below(2) === 0 ? evilUri(random) : `${random.pick(allowed)}${random.pick([" ", "\r\n", ";x", "@h"])}`;
    expect(() => createAllowList([{ trunk: "pbx", extensions: [extension], identity: "gatehouse" }])).toThrow(
      RangeError,
    );
    expect(() => createAllowList([{ trunk: "pbx", extensions: [], identity: extension }])).toThrow(RangeError);
  });
});

afterAll(() => {
  const { attempts, invites, refreshes, refers, otherRequests } = counts;
  expect(attempts).toBeGreaterThanOrEqual(10_000);
  // The judge has had something to judge, of each kind.
  for (const count of [invites, refreshes, refers, otherRequests]) expect(count).toBeGreaterThan(100);
  console.info(
    `${attempts} hostile attempts: ${invites} INVITEs, ${refreshes} re-INVITEs and ${refers} REFERs left, all to the PBX, for allowed extensions only`,
  );
});
