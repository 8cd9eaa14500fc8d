/** The web application over the real encrypted store; requests go in without a socket. */
import { createLiveCalls } from "../../src/calls/live.ts";
import type { StoredTurn } from "../../src/calls/ports.ts";
import { loadConfig } from "../../src/config/load.ts";
import { createMaintenance } from "../../src/ops/maintenance.ts";
import type { Outcome } from "../../src/receptionist/contract.ts";
import { createSignIn } from "../../src/security/sign-in.ts";
import { openFeeds } from "../../src/start/feeds.ts";
import { openLexicon } from "../../src/start/lexicon.ts";
import { openOffice } from "../../src/start/office.ts";
import { createWebApp } from "../../src/web/api/app.ts";
import { assetOf, assetsOf } from "../../src/web/api/assets.ts";
import type { AppStatus, Assets } from "../../src/web/api/ports.ts";
import { answering } from "../ops/answering.ts";
import { makeOffice, now as officeNow } from "../store/opened.ts";
import { makeClock } from "./clock.ts";

export const email = "maggie@example.test";
export const password = "four dull wooden spoons";
export const host = "localhost:8443";
export const ourPage = { host, origin: `https://${host}`, "sec-fetch-site": "same-origin" };

export const someStatus: AppStatus = {
  version: "0.0.0",
  uptimeSeconds: 93_784,
  state: "answering",
  alarms: [],
  calls: { running: 1, atMost: 10, limitedBy: "configured", refused: 0 },
  sip: {
    address: "127.0.0.1:5060",
    transport: "UDP, TCP",
    registrations: [
      { trunk: "pbx", state: "registered", registrar: "udp 192.0.2.1:5060", expiresInSeconds: 232, problem: undefined },
      {
        trunk: "old-pbx",
        state: "waiting",
        registrar: "tls pbx.example:5061",
        expiresInSeconds: undefined,
        problem: "403 Forbidden: is the extension's password right?",
      },
    ],
    dropped: { "not-a-peer": 1_204, "limited-other": 31, "stray-ack": 2 },
    rejected: [{ address: "198.51.100.7", count: 1_204, atMostOver: 0, reason: "not-a-peer" }],
    tracing: false,
  },
  speech: [
    { kind: "whisper", ready: true, restarts: 0, queued: 0, model: "demo-whisper (int8)" },
    { kind: "voice", ready: true, restarts: 1, queued: 0, model: "espeak en-gb-x-rp" },
  ],
  media: { sockets: 1, latenessP99Ms: 1.1, dropped: { "other-source": 4 } },
  memory: { rssBytes: 412_000_000 },
  web: { fingerprint: "AB:CD", certificateEndsAt: "2028-01-01T00:00:00.000Z" },
};

function statusNow({ refusing, userAgent }: ReturnType<typeof answering>): AppStatus {
  const { on: tracing } = userAgent.trace.show();
  return { ...someStatus, state: refusing ? "draining" : "answering", sip: { ...someStatus.sip, tracing } };
}

const text = (content: string) => new TextEncoder().encode(content);
export const someAssets = (): Assets =>
  assetsOf(
    new Map([
      ["index.html", assetOf("text/html; charset=utf-8", text("<!doctype html><title>Gatehouse</title>"))],
      ["assets/main-1.js", assetOf("text/javascript; charset=utf-8", text("export {};".repeat(100)))],
    ]),
  );

export function openWeb(options: { assets?: Assets; hostNames?: string[]; start?: Date; set?: string[] } = {}) {
  const office = makeOffice();
  const { records, view } = office;
  const clock = makeClock(options.start ?? officeNow);
  const live = createLiveCalls((error) => {
    throw error;
  });
  const signIn = createSignIn({ store: records.store, audit: records.audit, now: clock.now });
  const bugs: unknown[] = [];
  const appliance = answering();
  const config = loadConfig({ file: undefined, set: options.set ?? [] });
  const feeds = openFeeds({ config, clock: clock.now }, records, view, () => `https://${host}`);
  const app = createWebApp({
    signIn,
    live,
    readers: records.readers,
    office: openOffice({ clock: clock.now }, records, view),
    status: () => Promise.resolve(statusNow(appliance)),
    maintenance: createMaintenance({
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      audit: records.audit,
      clock: clock.now,
      work: () => ({ phase: "answering", answering: appliance }),
    }),
    pronunciations: openLexicon({ clock: clock.now }, records, () => ({ phase: "answering", answering: appliance })),
    feeds: feeds.web,
    agencyName: () => view.agency().name,
    assets: options.assets ?? someAssets(),
    hostNames: options.hostNames ?? ["localhost", "127.0.0.1"],
    now: clock.now,
    schedule: clock.schedule,
    failed: (error) => bugs.push(error),
  });
  const request = async (path: string, init: RequestInit = {}, address = "192.0.2.10") =>
    await app.request(`https://${host}${path}`, { ...init, headers: { host, ...init.headers } }, { address });
  const post = async (path: string, body: object, headers: Record<string, string> = {}, address?: string) =>
    await request(
      path,
      {
        method: "POST",
        body: JSON.stringify(body),
        headers: { ...ourPage, "content-type": "application/json", ...headers },
      },
      address,
    );
  return {
    ...office,
    appliance,
    app,
    live,
    feeds: feeds.control,
    signIn,
    clock,
    bugs,
    request,
    post,
    /** Opens a link and chooses a password. @returns headers that stand for the signed-in browser. */
    async enter(): Promise<{ cookie: string }> {
      const { token } = signIn.createLink({ kind: "system" });
      const byLink = cookieOf(await post("/api/sign-in/link", { token }));
      return { cookie: cookieOf(await post("/api/account", { email, password }, { cookie: byLink })) };
    },
    audit: () =>
      records.store.db
        .prepare<[], { actor: string; action: string; subjects: string }>(
          "SELECT actor_kind || ':' || actor_id AS actor, action, subjects FROM audit ORDER BY id",
        )
        .all(),
  };
}

export type OpenWeb = ReturnType<typeof openWeb>;

/** What a browser would send back. */
export function cookieOf(response: Response): string {
  return response.headers.get("set-cookie")?.split(";")[0] ?? "";
}

export type CallToAdd = {
  id: string;
  at: Date;
  number?: string;
  seconds?: number;
  outcome?: Outcome;
  turns?: Partial<StoredTurn>[];
  /** Both sides, a byte a sample. */
  sound?: { caller: Uint8Array; agent: Uint8Array };
  /** Figures of its sound, as its row has them. */
  quality?: Record<string, number>;
};

/** A whole call, as the appliance would have stored it. */
export function addCall({ records }: Pick<OpenWeb, "records">, call: CallToAdd): void {
  const { callLog, recordings } = records;
  const { id, at } = call;
  callLog.begin({ id, line: "0300", startedAt: at });
  callLog.disclosed(id, { number: call.number, display: undefined, withheld: call.number === undefined }, at);
  for (const [n, turn] of (call.turns ?? []).entries()) {
    const empty = { nbest: [], confidence: null, saidInFull: true, asks: null, heardFromMs: null, heardToMs: null };
    const when = new Date(at.getTime() + n * 9_000).toISOString();
    callLog.turn(id, { ...empty, heard: "", said: "", at: when, ...turn, n });
  }
  if (call.sound !== undefined) record(recordings.start(id, at), call.sound);
  if (call.outcome === undefined) return;
  const ended = new Date(at.getTime() + (call.seconds ?? 60) * 1000);
  callLog.end(id, { at: ended, outcome: call.outcome, endedBy: "caller", quality: call.quality ?? {} });
}

/** A second a chunk. */
function record(
  recording: ReturnType<OpenWeb["records"]["recordings"]["start"]>,
  { caller, agent }: { caller: Uint8Array; agent: Uint8Array },
): void {
  for (let at = 0; at < caller.length; at += 8_000) {
    const part = (side: Uint8Array) => side.slice(at, at + 8_000);
    recording.append({ sequence: at / 8_000, codec: "PCMA", caller: part(caller), agent: part(agent) });
  }
  recording.finish();
}
