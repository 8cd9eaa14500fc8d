// needs: kamailio sipp ps
/**
 * Legs and REFERs of the user agent through Kamailio, as the registered extension 1000: telephones of SIPp that answer,
 * refuse, answer too late or twice, ring reliably, or hand on to us; a caller who is sent elsewhere; INVITE with Replaces.
 */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { isAbsolute, join } from "node:path";
import type { ClientLeg, LegEnd, ReferTarget } from "../../src/sip/leg-ports.ts";
import type { ServerCall, UserAgent } from "../../src/sip/ports.ts";
import { createUserAgent } from "../../src/sip/user-agent.ts";
import { offer, ourSdp } from "../sip/bench.ts";
import { until } from "./appliance.ts";
import { type Kamailio, prepareKamailio } from "./kamailio.ts";

const scenarios = join(import.meta.dir, "../peers/sipp");
const folder = mkdtempSync(join(tmpdir(), "gatehouse-legs-"));
const desks: number[] = [];
let pbx: Kamailio;
let agent: UserAgent;
let reoffers = 0;
const calls: { call: ServerCall; ended: string[] }[] = [];
const failures: unknown[] = [];

beforeAll(async () => {
  for (let count = 0; count < 3; count += 1) desks.push(await freePort());
  pbx = await prepareKamailio("SHA-256");
  await pbx.start();
  agent = await register("1000", "udp");
}, 40_000);

/** A user agent that is registered as that extension. */
async function register(extension: string, transport: "udp" | "tcp"): Promise<UserAgent> {
  const [one = 0, two = 0, three = 0] = desks;
  const trunk = { name: "office", peers: ["127.0.0.1"], called: ["to"] as const };
  const made = await createUserAgent({
    listen: { address: "127.0.0.1", port: 0 },
    peers: [],
    trunks: [trunk],
    registrations: [
      {
        trunk,
        registrars: [{ transport, host: "127.0.0.1", port: pbx.port, tls: undefined }],
        extension,
        domain: "pbx.test",
        realm: "pbx.test",
        authId: extension,
        password: `pw-${extension}`,
        expiresSeconds: 300,
      },
    ],
    outbound: [
      {
        trunk: "office",
        identity: extension,
        extensions: [desk("5", one), desk("5", two), desk("5", three), desk("7", one), desk("6", one) + five(two)],
      },
    ],
    admit: () => ({ ok: true }),
    onInvite(call) {
      const one = { call, ended: [] as string[] };
      calls.push(one);
      call.answer(ourSdp);
      return {
        acknowledged: () => undefined,
        reoffered() {
          reoffers += 1;
          return ourSdp;
        },
        ended: (reason) => void one.ended.push(reason),
      };
    },
    log: { info: () => undefined, warn: () => undefined, error: (_message, error) => void failures.push(error) },
  });
  await until("registered", () => made.registrations()[0]?.state === "registered");
  return made;
}

afterAll(async () => {
  await agent?.close();
  await pbx?.remove();
  rmSync(folder, { recursive: true, force: true });
});

const five = (port: number) => String(port).padStart(5, "0");
const desk = (kind: "5" | "6" | "7", port = 0) => `${kind}${five(port)}`;

/** A UDP port that was free a moment ago. */
async function freePort(): Promise<number> {
  const socket = await Bun.udpSocket({ hostname: "127.0.0.1" });
  const { port } = socket;
  socket.close();
  return port;
}

/** Exit status: 0 if the call went as written. @param scenario Its name, or a path. */
function sipp(scenario: string, args: readonly string[]): Promise<number> {
  const options = ["-i", "127.0.0.1", "-mi", "127.0.0.1", "-m", "1", "-nostdin", "-timeout", "25s", "-timeout_error"];
  const file = isAbsolute(scenario) ? scenario : join(scenarios, `${scenario}.xml`);
  const command = ["sipp", "-sf", file, ...args, ...options];
  return Bun.spawn(command, { cwd: folder, stdout: "ignore", stderr: "ignore" }).exited;
}

/** A telephone at that port, which is there when this resolves. */
async function telephone(scenario: string, port = 0): Promise<{ code: Promise<number> }> {
  const code = sipp(scenario, ["-p", String(port)]);
  const hex = `:${port.toString(16).toUpperCase().padStart(4, "0")} `;
  await until(`a telephone at ${port}`, () => readFileSync("/proc/net/udp", "utf8").includes(hex));
  return { code };
}

/** Calls us through the PBX. */
async function caller(
  scenario = "caller-waits",
  extension = "1000",
): Promise<{ code: Promise<number>; call: ServerCall; ended: string[] }> {
  const before = calls.length;
  const code = sipp(scenario, [`127.0.0.1:${pbx.port}`, "-p", String(pbx.callerPort), "-s", extension]);
  await until("the caller is here", () => calls.length > before);
  const last = calls.at(-1);
  if (last === undefined) throw new Error("nobody called");
  return { code, ...last };
}

type Placed = { leg: ClientLeg; news: string[]; answered(): boolean; end(): string | undefined };

function place(call: ServerCall, extension: string, from = agent): Placed {
  const news: string[] = [];
  const end = (why: LegEnd, status?: number) => void news.push(status === undefined ? why : `${why} ${status}`);
  const leg = from.placeLeg(
    { purpose: "transfer", forCall: call.id, extension, offer, ringMs: 10_000 },
    {
      ringing: (sdp) => void news.push(sdp === undefined ? "ringing" : "ringing+sdp"),
      answered: () => void news.push("answered"),
      reoffered: () => undefined,
      ended: end,
    },
  );
  const isOver = (word: string) => !["ringing", "ringing+sdp", "answered"].includes(word);
  return { leg, news, answered: () => news.includes("answered"), end: () => news.find(isOver) };
}

const ended = (placed: Placed) => until("the leg has ended", () => placed.end() !== undefined, 15_000);

test("A telephone answers a leg, whose INVITE the PBX has asked the password of; we hang up", async () => {
  const { code, call } = await caller();
  const { code: phone } = await telephone("people", desks[0]);
  const placed = place(call, desk("5", desks[0]));
  await until("answered", placed.answered);
  placed.leg.hangUp();
  call.hangUp();
  expect(await Promise.all([phone, code])).toEqual([0, 0]);
  expect(placed.news).toEqual(["ringing", "answered", "we-hung-up"]);
}, 40_000);

test("Over TCP the same, by the connection of the registration; what is cancelled is", async () => {
  const other = await register("1001", "tcp");
  try {
    const { code, call } = await caller("caller-waits", "1001");
    const { code: phone } = await telephone("people", desks[0]);
    const placed = place(call, desk("5", desks[0]), other);
    await until("answered", placed.answered);
    placed.leg.hangUp();
    expect(await phone).toBe(0);
    const late = await telephone("desk-late", desks[1]);
    const cancelled = place(call, desk("5", desks[1]), other);
    await until("ringing", () => cancelled.news.includes("ringing"));
    cancelled.leg.hangUp();
    expect(await late.code).toBe(0);
    call.hangUp();
    expect(await code).toBe(0);
    expect(placed.news).toEqual(["ringing", "answered", "we-hung-up"]);
    expect(cancelled.news).toEqual(["ringing", "we-hung-up"]);
    expect(other.status().dropped).toEqual({});
  } finally {
    await other.close();
  }
}, 40_000);

test("Refusals are what they mean, and a redirection leads nowhere", async () => {
  const { code, call } = await caller();
  const refusals = [
    ["486 Busy Here", "busy 486"],
    ["603 Decline", "declined 603"],
    ["482 Loop Detected", "looped 482"],
    ["302 Moved Temporarily", "unreachable 302"],
    ["480 Temporarily Unavailable", "no-answer 480"],
  ] as const;
  const written = readFileSync(join(scenarios, "desk-refuses.xml"), "utf8");
  for (const [status, end] of refusals) {
    // SIPp reads the status of a response when it reads the file: no key can stand for it.
    const scenario = join(folder, "desk-refuses.xml");
    writeFileSync(scenario, written.replace("486 Busy Here", status));
    const { code: phone } = await telephone(scenario, desks[0]);
    const placed = place(call, desk("5", desks[0]));
    await ended(placed);
    expect([await phone, placed.news]).toEqual([0, [end]]);
  }
  call.hangUp();
  expect(await code).toBe(0);
}, 60_000);

test("An answer that crosses our CANCEL is acknowledged and ended; so is the second answer of two telephones", async () => {
  const { code, call } = await caller();
  const late = await telephone("desk-late", desks[0]);
  const placed = place(call, desk("5", desks[0]));
  await until("ringing", () => placed.news.includes("ringing"));
  placed.leg.hangUp();
  expect(await late.code).toBe(0);
  expect(placed.news).toEqual(["ringing", "we-hung-up"]);

  // Both ring; one answers, and the PBX's CANCEL to the other comes too late.
  const [first, second] = [await telephone("desk-late", desks[0]), await telephone("people", desks[1])];
  const forked = place(call, desk("6", desks[0]) + five(desks[1] ?? 0));
  await until("answered", forked.answered);
  expect(await first.code).toBe(0);
  forked.leg.hangUp();
  expect(await second.code).toBe(0);
  expect(forked.news.filter((word) => word === "answered")).toHaveLength(1);
  call.hangUp();
  expect(await code).toBe(0);
}, 60_000);

test("A telephone that rings reliably gets PRACK, and its early answer stands", async () => {
  const { code, call } = await caller();
  const { code: phone } = await telephone("desk-prack", desks[0]);
  const placed = place(call, desk("5", desks[0]));
  await until("answered", placed.answered);
  placed.leg.hangUp();
  call.hangUp();
  expect(await Promise.all([phone, code])).toEqual([0, 0]);
  expect(placed.news).toEqual(["ringing+sdp", "answered", "we-hung-up"]);
}, 40_000);

test("An extension that hands its calls on to us: our leg comes back, is busy, and has looped", async () => {
  const { code, call } = await caller();
  const before = calls.length;
  // Nobody is at that port: the PBX gives up and hands on.
  const placed = place(call, desk("7", desks[0]));
  await ended(placed);
  expect(placed.end()).toBe("looped");
  expect(calls).toHaveLength(before);
  expect(agent.status().dropped["leg-returned"]).toBeGreaterThan(0);
  call.hangUp();
  expect(await code).toBe(0);
}, 40_000);

async function refer(call: ServerCall, target: ReferTarget): Promise<string[]> {
  const news: string[] = [];
  agent.refer(call.id, target, {
    accepted: () => void news.push("accepted"),
    progress: (status) => void news.push(`progress ${status}`),
    done: (outcome, status) => void news.push(`${outcome} ${status}`),
  });
  await until("the REFER is done", () => news.some((word) => /^(refused|succeeded|failed|unknown)/.test(word)));
  return news;
}

test("A caller is sent to an extension, and onto a leg that has answered; one who fails to get there is still ours", async () => {
  const blind = await caller("caller-referred");
  const target: ReferTarget = { kind: "extension", extension: desk("5", desks[1]) };
  expect(await refer(blind.call, target)).toEqual(["accepted", "progress 100", "succeeded 200"]);
  blind.call.hangUp();
  expect(await blind.code).toBe(0);

  const failing = await caller("caller-refer-fails");
  expect(await refer(failing.call, target)).toEqual(["accepted", "progress 100", "failed 486"]);
  expect(failing.ended).toEqual([]);
  failing.call.hangUp();
  expect(await failing.code).toBe(0);

  const consulted = await caller("caller-referred");
  const { code: phone } = await telephone("people", desks[0]);
  const placed = place(consulted.call, desk("5", desks[0]));
  await until("answered", placed.answered);
  const onto = await refer(consulted.call, { kind: "leg", legId: placed.leg.id });
  expect(onto).toEqual(["accepted", "progress 100", "succeeded 200"]);
  placed.leg.hangUp();
  consulted.call.hangUp();
  expect(await Promise.all([phone, consulted.code])).toEqual([0, 0]);
}, 60_000);

test("INVITE with Replaces takes a call over: the old dialog is ended, the call goes on", async () => {
  const target = `127.0.0.1:${agent.address.port}`;
  const log = join(folder, "replaced.log");
  const before = calls.length;
  const first = sipp("replaced", [target, "-s", "100", "-trace_logs", "-log_file", log]);
  const named = () => {
    try {
      return readFileSync(log, "utf8").trim();
    } catch {
      return ""; // not written yet
    }
  };
  await until("the call is named", () => named().includes("from-tag="));
  const second = sipp("replaces", [target, "-s", "100", "-key", "replaces", named()]);
  expect(await Promise.all([first, second])).toEqual([0, 0]);
  expect(calls).toHaveLength(before + 1);
  expect(reoffers).toBe(1);
  await until("told of its end", () => calls.at(-1)?.ended.length === 1);
  expect(calls.at(-1)?.ended).toEqual(["caller-hung-up"]);
  const { dropped } = agent.status();
  expect(Object.keys(dropped).filter((reason) => reason !== "leg-returned")).toEqual([]);
  expect(failures).toEqual([]);
}, 40_000);
