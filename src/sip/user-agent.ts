/**
 * The SIP user agent of the appliance: signalling behind its sockets. It answers calls, registers, and calls nobody but
 * the extensions that its settings allow.
 */
import type { Log } from "../log.ts";
import { leastSessionSeconds } from "./dialog/session-timer.ts";
import { createWays } from "./leg/ways.ts";
import type { OutboundSettings } from "./leg-ports.ts";
import type {
  Admit,
  CalledHeader,
  Ladder,
  OnInvite,
  RegistrationSettings,
  RegistrationStatus,
  TlsWeakness,
  TrunkSettings,
  UserAgent,
} from "./ports.ts";
import { createRegistrations, type Registrations } from "./registration/registrations.ts";
import { createSignalling } from "./signalling.ts";
import type { Signalling, SignallingLimits } from "./signalling-ports.ts";
import { createTimers, type Schedule } from "./timers.ts";
import { createTrace } from "./trace/trace.ts";
import { type Names, systemNames } from "./transport/locator.ts";
import { createTlsDoor, type TlsDoorPorts } from "./transport/tls.ts";
import { type Listen, openTransports } from "./transport/transports.ts";
import { createTrunks } from "./trunks.ts";

export type UserAgentOptions = {
  /** An address of this machine, or 0.0.0.0 or ::; port 0 for any free one. */
  listen: { address: string; port: number; tcp?: boolean; tls?: TlsListen };
  /** What of TLS is accepted below the usual, by those who connect to us and of those that we connect to. */
  tlsWeakness?: TlsWeakness;
  /** Addresses or CIDR blocks of those who are served; everybody else is dropped unread. They are the trunk "peers". */
  peers: readonly string[];
  /** Further ways in, asked before `peers`. */
  trunks?: readonly TrunkSettings[];
  /** Extensions to register as; each names its trunk. */
  registrations?: readonly RegistrationSettings[];
  /** Whom legs may reach, by trunk ("peers" among them). Default: nobody. */
  outbound?: readonly OutboundSettings[];
  /** At once. Default: as many as an office of ten lines needs. */
  maxLegs?: number;
  /** Server and User-Agent header; left out if not given. */
  userAgentHeader?: string;
  /** The shortest session interval that we take part in (RFC 4028), seconds; 90 at least. Default: 90. */
  minSessionSeconds?: number;
  /** How much one source may ask of us. Default: `usualLimits`. */
  limits?: SignallingLimits;
  onInvite: OnInvite;
  admit: Admit;
  /** Nothing of a call remains: its signalling. */
  ended?: (callId: string, ladder: Ladder) => void;
  log: Pick<Log, "info" | "warn" | "error">;
  /** How names of PBXes are resolved. Default: by this machine's resolver. */
  names?: Names;
  /** Default: setTimeout. */
  schedule?: Schedule;
  /** Default: random UUIDs (v4). */
  randomId?: () => string;
};

/** TLS on a port of its own, 0 for any that is free. `certificate` is asked anew for each connection. */
export type TlsListen = { port: number } & Pick<TlsDoorPorts, "certificate" | "handshakeMs">;

/** Far above what an office brings (100 calls each second from one PBX), far below what would keep a core busy. */
export const usualLimits: SignallingLimits = { invitesPerSecond: 200, othersPerSecond: 500, earlyDialogs: 500 };

const usualLegs = 10;
/** Far above what people transfer, far below what would ring a whole office without end. */
const legsPerMinute = 60;

/** close() waits this long for the answers to its BYEs. */
const closeWaitMs = 2_000;

/** @throws AppError "port_taken" or "invalid_config", saying what to do. */
export async function createUserAgent(options: UserAgentOptions): Promise<UserAgent> {
  const schedule = options.schedule ?? realSchedule;
  const trace = createTrace(() => new Date().toISOString());
  // Nothing arrives before the socket is open, and the socket is open before anything is sent.
  let signalling: Signalling | undefined;
  let registrations: Registrations | undefined;
  const trunkSettings: readonly TrunkSettings[] = [
    ...(options.trunks ?? []),
    { name: "peers", peers: options.peers, called: ["request-uri"] satisfies CalledHeader[] },
  ];
  const trunks = createTrunks(trunkSettings);
  const ways = createWays({
    settings: options.outbound ?? [],
    trunks: trunkSettings,
    registered: (trunk) => registrations?.registered(trunk),
    openFlow: (pbx) => transport.openFlow(pbx),
    avoid: (flow) => transport.avoid(flow),
    trust(flow, trunk) {
      // Where its address is a peer's already, its calls stay those of the trunk that they are.
      if (trunks.of(flow) === undefined) trunks.trust(flow, trunk);
    },
    distrust: trunks.distrust,
  });
  const transport = await openTransports(
    listenOf(options, (from) => trunks.ofAddress(from, "tls")?.tls),
    {
      receive: (datagram, source) => signalling?.receive(datagram, source),
      dropped: (reason, from) => signalling?.count(reason, from),
      isInUse: (connection) => signalling?.isInUse(connection) === true,
      isPeerAddress: (from, by) => trunks.ofAddress(from, by) !== undefined,
      trustOf(address) {
        const trust = trunks.ofAddress(address, "tls")?.tls;
        return trust?.pinned === undefined && trust?.name === "" ? undefined : trust;
      },
      closed(connection) {
        registrations?.lost(connection);
        ways.lost(connection);
        signalling?.lost(connection);
      },
    },
  );
  if (!transport.tuned) options.log.warn("SIP: IP_RECVERR stays on, one peer's outage may cost others their answers");
  const running = createSignalling({
    send: transport.send,
    schedule,
    randomId: options.randomId ?? (() => crypto.randomUUID()),
    trunkOf: trunks.of,
    localEndpoint: transport.localEndpoint,
    userAgentHeader: options.userAgentHeader,
    minSessionSeconds: options.minSessionSeconds ?? leastSessionSeconds,
    limits: options.limits ?? usualLimits,
    nowMs: () => performance.now(),
    onInvite: options.onInvite,
    admit: options.admit,
    outbound: {
      settings: options.outbound ?? [],
      ways,
      limits: { maxLegs: options.maxLegs ?? usualLegs, perMinute: legsPerMinute },
      finished: (leg) => options.log.info("SIP: a leg has ended", { ...leg }),
    },
    trace: trace.note,
    finished(call, ladder) {
      options.log.info("SIP: a call has ended", { ...call });
      if (ladder !== undefined) options.ended?.(call.callId, ladder);
    },
    failed: (error, callId) => options.log.error("SIP: a handler failed", error, { callId }),
  });
  signalling = running;
  const timers = createTimers(schedule);
  const registering = createRegistrations(options.registrations ?? [], {
    openFlow: transport.openFlow,
    avoid: transport.avoid,
    hangUp: transport.hangUp,
    localEndpoint: transport.localEndpoint,
    register: running.register,
    trust: trunks.trust,
    distrust: trunks.distrust,
    timers,
    nowMs: () => performance.now(),
    random: Math.random,
    randomId: options.randomId ?? (() => crypto.randomUUID()),
    userAgent: options.userAgentHeader,
    changed: (status) => report(options.log, status),
  });
  registrations = registering;
  registering.start();

  let closing: Promise<void> | undefined;

  async function close(): Promise<void> {
    running.hangUpAll();
    await Promise.all([untilIdle(running, schedule), registering.leave()]);
    registering.stop();
    running.stop();
    transport.close();
  }

  return {
    address: transport.address,
    ...(transport.tlsPort === undefined ? {} : { tlsPort: transport.tlsPort }),
    placeLeg: running.placeLeg,
    refer: running.refer,
    drain(forGood = false) {
      running.drain();
      // The PBX then sends callers where it sends them when nobody is there, instead of to our 503.
      if (forGood) void registering.leave();
    },
    // Once it closes there is no way back.
    resume: () => closing ?? running.resume(),
    draining: running.draining,
    registrations: registering.status,
    trace: { set: trace.set, show: trace.show },
    status() {
      const status = running.status();
      return { sockets: transport.sockets(), ...status, timers: status.timers + timers.running() };
    },
    close() {
      closing ??= close();
      return closing;
    },
  };
}

function listenOf(
  { listen: { address, port, tcp = false, tls }, tlsWeakness: weakness, names = systemNames }: UserAgentOptions,
  demandOf: TlsDoorPorts["demandOf"],
): Listen {
  const door = tls && createTlsDoor({ ...tls, demandOf, weakness });
  const own = { weakness, certificate: tls?.certificate };
  return { address, port, tcp, tls: tls && door && { port: tls.port, door }, own, names };
}

function report(log: UserAgentOptions["log"], { trunk, state, registrar, problem }: RegistrationStatus): void {
  if (problem === undefined) log.info?.("SIP: registered", { trunk, registrar, state });
  // The words may quote the registrar: they are for the status, which IT asks for.
  else log.warn("SIP: a registration failed; gatehouse status says why", { trunk, registrar });
}

/** Resolves when no call is left, or after closeWaitMs. */
function untilIdle(signalling: Signalling, schedule: Schedule): Promise<void> {
  return new Promise((resolve) => {
    const giveUp = schedule(closeWaitMs, resolve);
    signalling.whenIdle(() => {
      giveUp();
      resolve();
    });
  });
}

const realSchedule: Schedule = (afterMs, fire) => {
  const timer = setTimeout(fire, afterMs);
  return () => clearTimeout(timer);
};
