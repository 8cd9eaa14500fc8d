/** The user agent server on a bench: scripted datagrams in, parsed datagrams out, time by hand. */
import type { Endpoint } from "../../src/sip/endpoint.ts";
import { header, type SipMessage } from "../../src/sip/message/message.ts";
import { tagOf } from "../../src/sip/message/name-addr.ts";
import { parseMessage } from "../../src/sip/message/parse.ts";
import type { Admit, CallEnd, CalledHeader, EndReason, ServerCall, ServerCallHandlers } from "../../src/sip/ports.ts";
import { createSignalling } from "../../src/sip/signalling.ts";
import type { Signalling, SignallingLimits, SignallingPorts } from "../../src/sip/signalling-ports.ts";
import { createTrunks } from "../../src/sip/trunks.ts";
import { usualLimits } from "../../src/sip/user-agent.ts";
import { type Clock, createClock } from "./clock.ts";

export const pbx: Endpoint = { address: "192.0.2.1", port: 5060 };
/** Of another trunk. */
export const otherPbx: Endpoint = { address: "198.18.0.1", port: 5060 };

export const offer =
  "v=0\r\no=- 1 1 IN IP4 192.0.2.1\r\ns=-\r\nc=IN IP4 192.0.2.1\r\nt=0 0\r\nm=audio 40000 RTP/AVP 8\r\n";
export const ourSdp =
  "v=0\r\no=- 7 1 IN IP4 192.0.2.9\r\ns=-\r\nc=IN IP4 192.0.2.9\r\nt=0 0\r\nm=audio 30000 RTP/AVP 8\r\n";

export type Sent = { at: number; to: Endpoint; text: string; message: SipMessage; status: number; method: string };

/** What the owner of one call was told, in order. */
export type Told = { call: ServerCall; news: string[]; ended: EndReason[]; handlers: Partial<ServerCallHandlers> };

export type Bench = {
  clock: Clock;
  signalling: Signalling;
  sent: Sent[];
  calls: Told[];
  /** What was said of calls of which nothing remains. */
  ends: CallEnd[];
  failures: unknown[];
  receive(text: string, source?: Endpoint): void;
  /** Statuses of the responses sent since the last look, and methods of requests. */
  fresh(): (number | string)[];
  last(): Sent;
};

export type BenchOptions = {
  onCall?: (told: Told) => void;
  handlers?: Partial<ServerCallHandlers>;
  admit?: Admit;
  called?: readonly CalledHeader[];
  minSessionSeconds?: number;
  limits?: SignallingLimits;
  trace?: SignallingPorts["trace"];
  /** What arrives may be broken. */
  broken?: boolean;
  /** Whom legs may reach. */
  outbound?: NonNullable<SignallingPorts["outbound"]>;
  /** Deaf and dumb by turns: whether this datagram is lost. */
  lost?: () => boolean;
  deliver?: (sent: Sent) => void;
};

export function createBench(options: BenchOptions = {}): Bench {
  const clock = createClock();
  const sent: Sent[] = [];
  const calls: Told[] = [];
  const failures: unknown[] = [];
  const ends: CallEnd[] = [];
  let serial = 0;
  let looked = 0;
  const trunks = createTrunks([
    { name: "pbx", peers: ["192.0.2.0/24", "2001:db8::/32"], called: options.called ?? ["request-uri"] },
    { name: "other", peers: ["198.18.0.0/15"], called: ["request-uri"] },
  ]);
  const signalling = createSignalling({
    send(bytes, to) {
      const parsed = parseMessage(bytes);
      // The refusal of a request that lacks headers lacks them too.
      if (!parsed.ok && options.broken && /^SIP\/2\.0 (400|505) /.test(Buffer.from(bytes).toString("latin1"))) return;
      if (!parsed.ok) throw new Error(`we sent what we cannot read: ${parsed.fault}`);
      const { message } = parsed;
      const status = message.kind === "response" ? message.status : 0;
      const method = message.kind === "request" ? message.method : message.cseq.method;
      const one = { at: clock.now(), to, text: Buffer.from(bytes).toString("latin1"), message, status, method };
      sent.push(one);
      options.deliver?.(one);
    },
    schedule: clock.schedule,
    randomId: () => `${(++serial).toString(16).padStart(8, "0")}-0000-4000-8000-000000000000`,
    trunkOf: trunks.of,
    localEndpoint: ({ transport }) => ({ address: "192.0.2.9", port: 5060, ...(transport && { transport }) }),
    userAgentHeader: undefined,
    limits: options.limits ?? usualLimits,
    nowMs: clock.now,
    trace: options.trace ?? (() => undefined),
    ...(options.outbound && { outbound: options.outbound }),
    finished: (end) => ends.push(end),
    minSessionSeconds: options.minSessionSeconds ?? 90,
    admit: options.admit ?? (() => ({ ok: true })),
    failed: (error) => failures.push(error),
    onInvite(call) {
      const told: Told = { call, news: [], ended: [], handlers: options.handlers ?? {} };
      calls.push(told);
      options.onCall?.(told);
      return {
        acknowledged(sdp) {
          told.news.push(sdp === undefined ? "acknowledged" : "acknowledged+sdp");
          told.handlers.acknowledged?.(sdp);
        },
        reoffered(sdp) {
          told.news.push("reoffered");
          return told.handlers.reoffered?.(sdp);
        },
        reoffer() {
          told.news.push("reoffer");
          return told.handlers.reoffer?.();
        },
        reanswered: () => void told.news.push("reanswered"),
        digit: (digit, durationMs) => void told.news.push(`digit ${digit} ${durationMs}`),
        ended(reason) {
          told.news.push(`ended ${reason}`);
          told.ended.push(reason);
          told.handlers.ended?.(reason);
        },
      };
    },
  });
  return {
    clock,
    signalling,
    sent,
    calls,
    ends,
    failures,
    receive: (text, source = pbx) => signalling.receive(Buffer.from(text, "latin1"), source),
    fresh() {
      const news = sent.slice(looked).map(({ status, method }) => status || method);
      looked = sent.length;
      return news;
    },
    last() {
      const one = sent.at(-1);
      if (one === undefined) throw new Error("nothing was sent");
      return one;
    },
  };
}

/** What a request of the peer is made of; each has a value that a usual INVITE would have. */
export type Parts = {
  method?: string;
  uri?: string;
  branch?: string;
  via?: string;
  callId?: string;
  cseq?: number;
  cseqMethod?: string;
  fromTag?: string;
  toTag?: string | undefined;
  headers?: readonly string[];
  contact?: string | undefined;
  body?: string | undefined;
  type?: string;
};

let branches = 0;

export function request(parts: Parts = {}): string {
  const method = parts.method ?? "INVITE";
  const { body = "" } = parts;
  const lines = [
    `${method} ${parts.uri ?? "sip:02071234567@192.0.2.9:5060"} SIP/2.0`,
    parts.via ?? `Via: SIP/2.0/UDP 192.0.2.1:5060;branch=${parts.branch ?? `z9hG4bK-${++branches}`}`,
    `From: "Ada Example" <sip:07700900123@192.0.2.1>;tag=${parts.fromTag ?? "theirs"}`,
    `To: <sip:02071234567@192.0.2.9>${parts.toTag === undefined ? "" : `;tag=${parts.toTag}`}`,
    `Call-ID: ${parts.callId ?? "call-1"}`,
    `CSeq: ${parts.cseq ?? 1} ${parts.cseqMethod ?? method}`,
    "Max-Forwards: 70",
    ...("contact" in parts
      ? parts.contact === undefined
        ? []
        : [`Contact: ${parts.contact}`]
      : ["Contact: <sip:pbx@192.0.2.1:5060>"]),
    ...(parts.headers ?? []),
    ...(body === "" ? [] : [`Content-Type: ${parts.type ?? "application/sdp"}`]),
    `Content-Length: ${body.length}`,
  ];
  return `${lines.join("\r\n")}\r\n\r\n${body}`;
}

/** Our tag in the last response. */
export function ourTag(bench: Bench): string {
  return tagOf(bench.last().message.to) ?? "";
}

/** The peer's answer to a request of ours. */
export function answerTo(sent: Sent, status: number, headers: readonly string[] = [], body = ""): string {
  const copied = sent.message.headers.filter(({ name }) => ["via", "from", "to", "call-id", "cseq"].includes(name));
  const type = body === "" ? [] : ["Content-Type: application/sdp"];
  const lines = [...copied.map(({ name, value }) => `${name}: ${value}`), ...headers, ...type];
  return `SIP/2.0 ${status} Any\r\n${lines.join("\r\n")}\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
}

/** An INVITE answered and acknowledged. Returns our tag. */
export function establish(bench: Bench, parts: Parts = {}): string {
  bench.receive(request({ branch: "z9hG4bK-invite", body: offer, ...parts }));
  bench.calls.at(-1)?.call.answer(ourSdp);
  const toTag = ourTag(bench);
  bench.receive(request({ ...parts, method: "ACK", toTag, body: undefined }));
  bench.fresh();
  return toTag;
}

export function headerOf(sent: Sent, name: string): string | undefined {
  return header(sent.message, name);
}

/** Nothing remains once the timers have run out. */
export function remains(bench: Bench): { timers: number; transactions: number; dialogs: number } {
  bench.clock.advance(300_000);
  const { timers, transactions, dialogs } = bench.signalling.status();
  return { timers: timers + bench.clock.waiting(), transactions, dialogs };
}

export const nothing = { timers: 0, transactions: 0, dialogs: 0 };
