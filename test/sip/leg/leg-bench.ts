/** The bench with a PBX that legs go to, and a caller for whom they are placed. */
import type { Endpoint } from "../../../src/sip/endpoint.ts";
import type { WayOut } from "../../../src/sip/leg/way-out.ts";
import type {
  ClientLeg,
  ClientLegHandlers,
  LegRequest,
  LegSummary,
  OutboundSettings,
} from "../../../src/sip/leg-ports.ts";
import { answerTo, type Bench, type BenchOptions, createBench, establish, offer, type Sent } from "../bench.ts";

export const exchange: Endpoint = { address: "192.0.2.1", port: 5060 };
export const usual: OutboundSettings = { trunk: "pbx", extensions: ["201", "202", "*43", "9#"], identity: "gatehouse" };

/** The other side's answer to our offer. */
export const theirSdp = offer.replace("40000", "41000");

export type Placed = { leg: ClientLeg; news: string[] };

export type LegBench = Bench & {
  toTag: string;
  callId: string;
  summaries: LegSummary[];
  /** Places a leg for the caller, with the way opened. */
  place(request?: Partial<LegRequest>, handlers?: Partial<ClientLegHandlers>): Promise<Placed>;
  /** The latest request of that method that we sent. */
  sentLast(method: string): Sent;
  /** The PBX answers the latest request of that method. */
  reply(method: string, status: number, headers?: readonly string[], body?: string): void;
};

export const settled = () => new Promise((resolve) => setImmediate(resolve));

export const usualWay: WayOut = { flow: exchange, domain: "192.0.2.1", credentials: undefined };

export function createLegBench(
  options: BenchOptions & {
    settings?: readonly OutboundSettings[];
    way?: () => Promise<WayOut>;
    legLimits?: { maxLegs: number; perMinute: number };
    /** No caller yet. */
    empty?: boolean;
  } = {},
): LegBench {
  const summaries: LegSummary[] = [];
  const bench = createBench({
    ...options,
    outbound: {
      settings: options.settings ?? [usual],
      ways: { open: options.way ?? (() => Promise.resolve(usualWay)) },
      limits: options.legLimits ?? { maxLegs: 4, perMinute: 60 },
      finished: (summary) => summaries.push(summary),
    },
  });
  const toTag = options.empty ? "" : establish(bench);
  const callId = bench.calls[0]?.call.id ?? "";
  const sentLast = (method: string) => {
    const found = bench.sent.findLast(({ message }) => message.kind === "request" && message.method === method);
    if (found === undefined) throw new Error(`no ${method} was sent`);
    return found;
  };

  async function place(request: Partial<LegRequest> = {}, handlers: Partial<ClientLegHandlers> = {}): Promise<Placed> {
    const news: string[] = [];
    const leg = bench.signalling.placeLeg(
      { purpose: "transfer", forCall: callId, extension: "201", offer, ringMs: 20_000, ...request },
      {
        ringing(sdp) {
          news.push(sdp === undefined ? "ringing" : "ringing+sdp");
          handlers.ringing?.(sdp);
        },
        answered(sdp) {
          news.push(`answered ${sdp === theirSdp ? "theirs" : "other"}`);
          handlers.answered?.(sdp);
        },
        reoffered(sdp) {
          news.push("reoffered");
          return handlers.reoffered?.(sdp);
        },
        ...(handlers.reoffer && { reoffer: handlers.reoffer }),
        ...(handlers.reanswered && { reanswered: handlers.reanswered }),
        digit: (digit, durationMs) => void news.push(`digit ${digit} ${durationMs}`),
        ended(end, status) {
          news.push(status === undefined ? `ended ${end}` : `ended ${end} ${status}`);
          handlers.ended?.(end, status);
        },
      },
    );
    if (news.length > 0) throw new Error("told before placeLeg had returned");
    await settled();
    return { leg, news };
  }

  return {
    ...bench,
    toTag,
    callId,
    summaries,
    place,
    sentLast,
    reply: (method, status, headers = [], body = "") =>
      bench.receive(tagged(answerTo(sentLast(method), status, headers, body), status)),
  };
}

/** An answer as answerTo makes it has no To tag yet. */
export function tagged(response: string, status: number, tag = "phone-1"): string {
  return status === 100 || /^To: .*;tag=/im.test(response)
    ? response
    : response.replace(/^(To: .*)$/im, `$1;tag=${tag}`);
}

export const contact = "Contact: <sip:201@192.0.2.1:5060>";

/** A leg that has answered. */
export async function answeredLeg(
  bench: LegBench,
  handlers: Partial<ClientLegHandlers> = {},
  headers: readonly string[] = [],
): Promise<Placed> {
  const placed = await bench.place({}, handlers);
  bench.reply("INVITE", 200, [contact, ...headers], theirSdp);
  bench.fresh();
  return placed;
}

/** A request of the PBX within the dialog of the latest leg. */
export function withinLeg(
  bench: LegBench,
  method: string,
  cseq: number,
  { headers = [], body = "", tag = "phone-1" }: { headers?: readonly string[]; body?: string; tag?: string } = {},
): string {
  const invite = bench.sentLast("INVITE").message;
  const from = invite.headers.find(({ name }) => name === "from")?.value ?? "";
  const to = (invite.headers.find(({ name }) => name === "to")?.value ?? "").split(";tag=")[0];
  return [
    `${method} sip:gatehouse@192.0.2.9:5060 SIP/2.0`,
    `Via: SIP/2.0/UDP 192.0.2.1:5060;branch=z9hG4bK-within-${method}-${cseq}-${crypto.randomUUID()}`,
    `From: ${to};tag=${tag}`,
    `To: ${from}`,
    `Call-ID: ${invite.callId}`,
    `CSeq: ${cseq} ${method}`,
    "Max-Forwards: 70",
    ...(method === "INVITE" || method === "UPDATE" ? [contact] : []),
    ...headers,
    ...(body === "" || headers.some((line) => line.startsWith("Content-Type"))
      ? []
      : ["Content-Type: application/sdp"]),
    `Content-Length: ${body.length}`,
    "",
    body,
  ].join("\r\n");
}
