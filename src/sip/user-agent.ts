/** The SIP user agent server of the appliance: signalling behind a UDP socket. It answers calls and makes none. */
import type { Log } from "../log.ts";
import { leastSessionSeconds } from "./dialog/session-timer.ts";
import { createPeerFilter } from "./peers.ts";
import type { Admit, OnInvite, UserAgent } from "./ports.ts";
import { createSignalling, type Signalling, type SignallingLimits } from "./signalling.ts";
import type { Schedule } from "./timers.ts";
import { createTrace } from "./trace/trace.ts";
import { openUdp, type UdpTransport } from "./transport/udp.ts";

export type UserAgentOptions = {
  /** An address of this machine, or 0.0.0.0 or ::; port 0 for any free one. */
  listen: { address: string; port: number };
  /** Addresses or CIDR blocks of those who are served; everybody else is dropped unread. */
  peers: readonly string[];
  /** Server and User-Agent header; left out if not given. */
  userAgentHeader?: string;
  /** The shortest session interval that we take part in (RFC 4028), seconds; 90 at least. Default: 90. */
  minSessionSeconds?: number;
  /** How much one source may ask of us. Default: `usualLimits`. */
  limits?: SignallingLimits;
  onInvite: OnInvite;
  admit: Admit;
  log: Pick<Log, "info" | "warn" | "error">;
  /** Default: setTimeout. */
  schedule?: Schedule;
  /** Default: random UUIDs (v4). */
  randomId?: () => string;
};

/** Far above what an office brings (100 calls each second from one PBX), far below what would keep a core busy. */
export const usualLimits: SignallingLimits = { invitesPerSecond: 200, othersPerSecond: 500, earlyDialogs: 500 };

/** close() waits this long for the answers to its BYEs. */
const closeWaitMs = 2_000;

/** @throws AppError "port_taken" or "invalid_config", saying what to do. */
export async function createUserAgent(options: UserAgentOptions): Promise<UserAgent> {
  const schedule = options.schedule ?? realSchedule;
  const trace = createTrace(() => new Date().toISOString());
  // Nothing arrives before the socket is open, and the socket is open before anything is sent.
  let signalling: Signalling | undefined;
  const transport: UdpTransport = await openUdp(options.listen, {
    receive: (datagram, source) => signalling?.receive(datagram, source),
    unsent: (reason) => signalling?.count(reason),
  });
  if (!transport.tuned) options.log.warn("SIP: IP_RECVERR stays on, one peer's outage may cost others their answers");
  const running = createSignalling({
    send: transport.send,
    schedule,
    randomId: options.randomId ?? (() => crypto.randomUUID()),
    isPeer: createPeerFilter(options.peers),
    localEndpoint: transport.localEndpoint,
    userAgentHeader: options.userAgentHeader,
    minSessionSeconds: options.minSessionSeconds ?? leastSessionSeconds,
    limits: options.limits ?? usualLimits,
    nowMs: () => performance.now(),
    onInvite: options.onInvite,
    admit: options.admit,
    trace: trace.note,
    finished: (call) => options.log.info("SIP: a call has ended", { ...call }),
    failed: (error, callId) => options.log.error("SIP: a handler failed", error, { callId }),
  });
  signalling = running;

  let closing: Promise<void> | undefined;
  let open = true;

  async function close(): Promise<void> {
    running.hangUpAll();
    await untilIdle(running, schedule);
    open = false;
    running.stop();
    transport.close();
  }

  return {
    address: transport.address,
    drain: running.drain,
    // Once it closes there is no way back.
    resume: () => closing ?? running.resume(),
    draining: running.draining,
    trace: { set: trace.set, show: trace.show },
    status: () => ({ sockets: open ? 1 : 0, ...running.status() }),
    close() {
      closing ??= close();
      return closing;
    },
  };
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
