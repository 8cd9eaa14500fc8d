/**
 * The whole appliance, wired: what talks to what, and in which order it starts. Closes in reverse order. Long because it
 * is the one place that knows every part; each function below is one stage of the start.
 */
import { hostname, networkInterfaces } from "node:os";
import { type CachedAgencyView, createAgencyView } from "./agency/agency-view.ts";
import { createBookViewing } from "./agency/book-viewing.ts";
import { toLocal } from "./agency/local-time.ts";
import { createTakeMessage } from "./agency/take-message.ts";
import { AppError } from "./app-error.ts";
import { createLiveCalls, type LiveCalls } from "./calls/live.ts";
import type { CallDesk } from "./calls/ports.ts";
import { runCall } from "./calls/run-call.ts";
import { createSwitchboard, type Switchboard, type SwitchboardPorts } from "./calls/switchboard.ts";
import type { Config } from "./config/schema.ts";
import { trunkSettings } from "./config/trunks.ts";
import { controlPath, isAnswered } from "./control/client.ts";
import { alreadyRunning, controlApp, refuseLongPath, startControl } from "./control/server.ts";
import { extractNatives, removeOtherNatives, sqliteBinding } from "./embedded/natives.ts";
import { selfCommand } from "./embedded/self.ts";
import type { Log } from "./log.ts";
import { type MediaClient, startMedia } from "./media/client.ts";
import { fingerprintOf } from "./media/dtls/certificates.ts";
import { makeDtlsCredentials } from "./media/dtls/identity.ts";
import type { Fingerprint } from "./media/messages.ts";
import { masterBytes } from "./media/srtp-suites.ts";
import { type Closing, createClosing } from "./ops/closing.ts";
import { createMaintenance, type Maintenance } from "./ops/maintenance.ts";
import { createSipSecurity, type SipSecurity } from "./ops/sip-security.ts";
import { createStatus } from "./ops/status.ts";
import { fixedPrompts } from "./receptionist/fixed-prompts.ts";
import { viewingFlow } from "./receptionist/flows/viewing.ts";
import { createTalk } from "./receptionist/talk.ts";
import { openDataFolder } from "./security/data-folder.ts";
import { refuseKeyInside } from "./security/key-file.ts";
import { createSignIn } from "./security/sign-in.ts";
import { tlsIdentity } from "./security/tls-identity.ts";
import type { UserAgent } from "./sip/ports.ts";
import { createUserAgent } from "./sip/user-agent.ts";
import { startSpeech } from "./speech/pool.ts";
import type { Speech } from "./speech/ports.ts";
import { speechSettings } from "./speech/settings.ts";
import { createPromptCache, type PromptCache } from "./speech/voice/prompt-cache.ts";
import { createControlReaders } from "./store/control-readers.ts";
import { importFirstSeed } from "./store/first-seed.ts";
import { openStore, type Records } from "./store/open-store.ts";
import { version } from "./version.ts";
import { createWebApp } from "./web/api/app.ts";
import { loadAssets } from "./web/api/assets.ts";
import { linkHost, webHostNames } from "./web/api/host-names.ts";
import { startWeb } from "./web/api/serve.ts";

export type Appliance = {
  ready: { sip: string; web: string; fingerprint: string; speech: string };
  /** Takes no new calls, lets running ones end (`calls.drainSeconds`), then closes everything. */
  close(): Promise<void>;
};

/** What every part is given: the configuration, the log, time, and where to say how it is closed. */
type Base = { config: Config; log: Log; closing: Closing; clock(): Date; schedule: Schedule };
type Schedule = (afterMs: number, fire: () => void) => () => void;

/** @throws AppError saying what to do; what had been opened by then is closed again. */
export async function runAppliance(config: Config, log: Log): Promise<Appliance> {
  const closing = createClosing((name, error) => log.error("could not be closed", error, { name }));
  const base: Base = { config, log, closing, clock: () => new Date(), schedule };
  try {
    return await start(base);
  } catch (error) {
    await closing.close();
    throw error;
  }
}

async function start(base: Base): Promise<Appliance> {
  const { config, closing, log } = base;
  const { data } = config.storage;
  refuseLongPath(controlPath(data));
  openDataFolder(data);
  refuseKeyInside(data, config.storage.key);
  if (await isAnswered(controlPath(data))) throw alreadyRunning(data);
  const nativeDir = extractNatives(data);

  const records = openRecords(base, nativeDir);
  const view = createAgencyView(records.agency);
  const { speech, media, prompts, fingerprint } = await startSound(base, nativeDir);
  const live = createLiveCalls((error) => log.error("a reader of live calls failed", error));
  const switchboard = createSwitchboard(
    switchboardPorts(base, { records, view, speech, media, prompts, live, fingerprint }),
  );

  // Ready to hear and to speak before anybody can call.
  await speech.ready;
  await prepareFirstPrompts(base, prompts, fixedPrompts(viewingFlow, view.agency()));
  const security = await secureSip(base, records);
  const userAgent = await createUserAgent({
    listen: listenSettings(config.sip, security),
    ...(config.sip.tlsException === undefined ? {} : { tlsWeakness: config.sip.tlsException }),
    peers: config.sip.peers,
    ...trunkSettings(config.trunks),
    minSessionSeconds: config.sip.minSessionSeconds,
    limits: {
      invitesPerSecond: config.sip.invitesPerSecond,
      othersPerSecond: config.sip.othersPerSecond,
      earlyDialogs: config.sip.maxCalls,
    },
    onInvite: switchboard.onInvite,
    admit: switchboard.admit,
    log,
  });
  closing.add("sip", () => userAgent.close());

  let stopping = false;
  const maintenance = createMaintenance({ log, userAgent, stopping: () => stopping, running: switchboard.calls });
  const people = { live, switchboard, userAgent, maintenance, security };
  const doors = await openDoors(base, { records, view, speech, media, ...people });
  closing.add("calls", async () => {
    stopping = true;
    userAgent.drain(true);
    await switchboard.drain(config.calls.drainSeconds * 1000);
  });
  const { address, port } = userAgent.address;
  return {
    ready: { sip: hostPort(address, port), web: doors.url, fingerprint: doors.fingerprint, speech: "ready" },
    close: () => closing.close(),
  };
}

/** Who we are to a PBX that connects by TLS, and the dates to keep. */
async function secureSip({ config, closing, clock, log }: Base, records: Records): Promise<SipSecurity> {
  const hostNames = webHostNames(config.sip.address, hostname(), networkInterfaces());
  const security = await createSipSecurity({ config: config.sip, records, hostNames, clock, schedule, log });
  closing.add("dates", security.watch());
  return security;
}

function listenSettings({ address, port, tlsPort, transports }: Config["sip"], { certificate }: SipSecurity) {
  const tls = certificate === undefined ? {} : { tls: { port: tlsPort, certificate } };
  return { address, port, tcp: transports.includes("tcp"), ...tls };
}

/** Everything that is kept: encrypted, and filled with the agency's listings when it is new. */
function openRecords({ config, closing, log, clock }: Base, nativeDir: string): Records {
  const { data: dataDir, key: keyFile } = config.storage;
  const records = openStore({ dataDir, keyFile, nativeBinding: sqliteBinding(nativeDir), clock });
  closing.add("store", () => records.close());
  removeOtherNatives(nativeDir); // those of older versions; only now is the folder surely ours alone
  if (importFirstSeed(records, config.agency.seed, clock()) === "ignored") {
    log.warn("agency.seed is read only when the database is new: the file has changed since and was not read");
  }
  const interrupted = records.callLog.endInterrupted(clock());
  if (interrupted > 0) log.warn("calls were cut off when the appliance last stopped", { calls: interrupted });
  return records;
}

/** Hearing and speaking run in processes of their own, sound in a Worker. */
async function startSound({ config, closing, log, clock }: Base, nativeDir: string) {
  const speech = startSpeech({
    nativeDir,
    spawnCommand: selfCommand(["speech"]),
    ...speechSettings(config.speech),
    log,
  });
  closing.add("speech", () => speech.close());
  const dtls = await makeDtlsCredentials(clock());
  const media = await startMedia(
    {
      kind: "settings",
      nativeDir,
      dtls,
      rtpPorts: config.media.rtpPorts,
      inactivityMs: config.media.inactivitySeconds * 1000,
      speculateAfterMs: 120,
      defaultSilenceMs: 700,
      maxUtteranceMs: 28_000,
    },
    {
      fault: (callId) => log.warn("a fault closed the sound of one call", { callId }),
      died: () => {
        log.warn("the media Worker died; its calls have ended and it is started again");
        media.restart().catch((error: unknown) => log.error("the media Worker cannot be started again", error));
      },
    },
  );
  closing.add("media", () => media.close());
  await tryMediaAddress(media, config);
  const prompts = createPromptCache(speech, JSON.stringify(config.speech.voice));
  return { speech, media, prompts, fingerprint: fingerprintOf(dtls) };
}

/** Before the first call: what is said in danger and first of all. The rest is rendered behind the answers to callers. */
const promptsBeforeReady = 8;

async function prepareFirstPrompts({ closing, log }: Base, prompts: PromptCache, texts: readonly string[]) {
  const stopping = new AbortController();
  await prompts.prepare(texts.slice(0, promptsBeforeReady), stopping.signal);
  const rest = prompts.prepare(texts, stopping.signal).catch((error: unknown) => {
    if (!stopping.signal.aborted) log.warn("some prompts are not prepared: they are spoken when needed", codeOf(error));
  });
  closing.add("prompts", async () => {
    stopping.abort();
    await rest;
  });
}

const codeOf = (error: unknown) => ({ code: error instanceof AppError ? error.code : "unknown" });

/** A call's RTP ports are opened when it comes: whether any can be is asked now, when there is somebody to tell. */
async function tryMediaAddress(media: MediaClient, { media: { address, rtpPorts }, sip }: Config): Promise<void> {
  try {
    await media.open("start", address ?? sip.address);
    media.send({ kind: "close", callId: "start" });
  } catch (cause) {
    const where = address === undefined ? `sip.address ${sip.address}` : `media.address ${address}`;
    const range = rtpPorts === undefined ? "" : ` or no port of media.rtpPorts is free`;
    throw new AppError(
      "invalid_config",
      `No RTP can be received: ${where} is not an address of this machine${range}.`,
      {
        cause,
      },
    );
  }
}

type Parts = {
  records: Records;
  view: CachedAgencyView;
  speech: Speech;
  media: MediaClient;
  prompts: PromptCache;
  live: LiveCalls;
  /** Of the certificate that media is keyed with. */
  fingerprint: Fingerprint;
};

/** Where calls arrive, and all that one call may reach. */
function switchboardPorts(
  base: Base,
  { records, view, speech, media, prompts, live, fingerprint }: Parts,
): SwitchboardPorts {
  const { config, log, clock } = base;
  const talk = createTalk(viewingFlow, view);
  const desk = openDesk(records, view, clock);
  const failed = (callId: string, error: unknown) => log.error("a call failed", error, { callId });
  const ports = {
    talk,
    media,
    speech,
    prompts,
    failed,
    schedule,
    publish: live.publish,
    log: records.callLog,
    now: () => ({ utc: clock().toISOString(), local: toLocal(clock()) }),
    record: (callId: string) => records.recordings.start(callId, clock()),
  };
  return {
    media,
    schedule,
    failed,
    lines: config.lines,
    codecs: config.media.codecs,
    srtp: {
      policyOf: (trunk) => config.trunks.find(({ name }) => name === trunk)?.srtp ?? config.media.srtp,
      evenInClear: config.media.srtpKeysInClear,
      newKey: (suite) => crypto.getRandomValues(new Uint8Array(masterBytes(suite))),
      fingerprint,
      newTlsId: () => crypto.randomUUID(),
    },
    maxCalls: config.sip.maxCalls,
    mediaAddress: config.media.address,
    runCall: (call, negotiated, line, after) =>
      runCall(call, negotiated, line, { ...ports, desk: desk(call.id) }, after),
  };
}

/** What a caller may change in the agency's books: the same use cases as everybody's, in the caller's name. */
function openDesk(records: Records, view: CachedAgencyView, clock: () => Date): (callId: string) => CallDesk {
  const books = {
    work: records.store,
    catalogue: view.catalogue,
    diary: records.agency,
    contacts: records.contacts,
    viewings: records.viewings,
    messages: records.messages,
    audit: records.audit,
    newId: () => crypto.randomUUID(),
  };
  const bookViewing = createBookViewing(books);
  const takeMessage = createTakeMessage(books);
  return (callId) => {
    const caller = { kind: "caller", callId } as const;
    return {
      bookViewing: (request) => bookViewing(request, caller, clock()),
      takeMessage: (message) => void takeMessage(message, caller, clock()),
      noteEmergency: ({ emergency }) => records.callLog.noteEmergency({ callId, emergency, at: clock() }),
    };
  };
}

/** For people: the web pages, and the command line through a socket of its own. */
async function openDoors(
  base: Base,
  parts: Omit<Parts, "prompts" | "fingerprint"> & {
    switchboard: Switchboard;
    userAgent: UserAgent;
    maintenance: Maintenance;
    security: SipSecurity;
  },
) {
  const { config, closing, clock, log } = base;
  const { records, view, live } = parts;
  const { address, port } = config.web;
  const hostNames = webHostNames(address, hostname(), networkInterfaces());
  const tls = await tlsIdentity(records.store.db, records.keys, hostNames, clock());
  const signIn = createSignIn({ store: records.store, audit: records.audit, now: clock });
  const status = createStatus({ ...parts, version, config, startedAt: clock(), clock, tls });
  const app = createWebApp({
    signIn,
    live,
    hostNames,
    schedule,
    readers: records.readers,
    status: status.forWeb,
    agencyName: () => view.agency().name,
    assets: loadAssets(),
    now: clock,
    failed: (error) => log.error("a web request failed", error),
  });
  const web = startWeb({ address, port, tls, app });
  closing.add("web", () => web.close());
  const url = `https://${hostPort(linkHost(address, networkInterfaces()), web.port)}`;
  const control = controlApp({
    live,
    status: () => status.forControl(url),
    maintenance: parts.maintenance,
    readers: createControlReaders(records.readers),
    failed: (error) => log.error("a command's request failed", error),
    signInLink(actor, email) {
      const { token, expiresAt } = signIn.createLink(actor, email);
      return { url: `${url}/#token=${token}`, expiresAt: expiresAt.toISOString() };
    },
  });
  const socket = await startControl(controlPath(config.storage.data), control);
  closing.add("control", () => socket.close());
  return { url, fingerprint: tls.fingerprint };
}

const schedule: Schedule = (afterMs, fire) => {
  const timer = setTimeout(fire, afterMs);
  return () => clearTimeout(timer);
};

const hostPort = (address: string, port: number) => `${address.includes(":") ? `[${address}]` : address}:${port}`;
