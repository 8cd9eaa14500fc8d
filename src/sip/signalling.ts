/**
 * The user agent server without its socket: datagrams in, datagrams out (RFC 3261 §8.2, §9.2, §11, §18.2). Time, chance
 * and the network are passed in. Nothing that a datagram holds can make it throw. Long because it is one closure over
 * what all requests share; what each kind of request means stands in uas/, dialog/ and transaction/.
 */

import { createAdmission, type WorkKind, type WorkLimits } from "./admission.ts";
import { createCalls, goingDown } from "./dialog/calls.ts";
import { createDialogs, type Dialogs } from "./dialog/dialogs.ts";
import { createOwnRequests } from "./dialog/own-requests.ts";
import { badReplaces, type Replaces, refusalToReplace, replacesOf } from "./dialog/replaces.ts";
import { tooShort } from "./dialog/session-timer.ts";
import { takeOver } from "./dialog/takeover.ts";
import type { Endpoint } from "./endpoint.ts";
import { createLadders } from "./ladder/ladders.ts";
import type { Legs as LegsPort } from "./leg-ports.ts";
import { headerList, type SipRequest, type SipResponse } from "./message/message.ts";
import { tagOf } from "./message/name-addr.ts";
import { type Parsed, parseMessage } from "./message/parse.ts";
import { sameAddress } from "./peers.ts";
import type { Admit, CallEnd, Ladder, OnInvite, SipStatus, TrunkSettings } from "./ports.ts";
import { createRejectedSources } from "./rejected-sources.ts";
import { createTimers, type Schedule } from "./timers.ts";
import { type ClientRequest, createClientTransactions } from "./transaction/client-transactions.ts";
import { serverKey } from "./transaction/key.ts";
import { createServerTransactions } from "./transaction/server-transactions.ts";
import { createTransfers, type OutboundPorts, type Transfers } from "./transfers.ts";
import { calledOf, callerOf } from "./uas/identity.ts";
import { capabilities, checkContent, checkHeaders, checkMethodAndScheme } from "./uas/requirements.ts";
import { buildResponse, type ResponseSpec, responseTarget } from "./uas/responses.ts";

export type SignallingPorts = {
  send(bytes: Uint8Array, to: Endpoint): void;
  schedule: Schedule;
  /** A UUID v4. */
  randomId(): string;
  /** By which trunk that end is served; undefined: it is not. */
  trunkOf(remote: Endpoint): TrunkSettings | undefined;
  /** Where the peer at that end reaches us. */
  localEndpoint(remote: Endpoint): Endpoint;
  /** Server and User-Agent header; undefined for none. */
  userAgentHeader: string | undefined;
  /** The shortest session interval that we take part in (RFC 4028). */
  minSessionSeconds: number;
  limits: SignallingLimits;
  /** Of a clock that never goes back. */
  nowMs(): number;
  onInvite: OnInvite;
  admit: Admit;
  /** Where legs may go; left out: nowhere. */
  outbound?: OutboundPorts;
  /** Sees each message of a peer, and each of ours. */
  trace(direction: "in" | "out", bytes: Uint8Array, peer: Endpoint): void;
  /** Nothing of a call remains. */
  finished(summary: CallEnd, ladder: Ladder | undefined): void;
  /** A bug, ours or the call owner's. `callId`: our own id, where there is a call. */
  failed(error: unknown, callId?: string): void;
};

export type SignallingLimits = WorkLimits & {
  /** Calls that have not been acknowledged yet: their caller may not exist. */
  readonly earlyDialogs: number;
};

export interface Signalling extends LegsPort {
  /** @param datagram One whole message: a datagram, or what a stream was cut into. */
  receive(datagram: Uint8Array, source: Endpoint): void;
  /** A REGISTER of ours: the only request that we send outside a dialog. */
  register(request: Omit<ClientRequest, "method">): void;
  /** A connection broke. */
  lost(connection: number): void;
  /** Whether a call or a leg goes by it. */
  isInUse(connection: number): boolean;
  /** Counts what the transport dropped or could not send; `address`: who sent it. */
  count(reason: string, address?: string): void;
  drain(): void;
  resume(): void;
  draining(): boolean;
  hangUpAll(): void;
  /** Calls `notify` once no call is left; at once if there is none. */
  whenIdle(notify: () => void): void;
  status(): Omit<SipStatus, "sockets">;
  /** Forgets everything, timers included. */
  stop(): void;
}

/** A request with its transaction's key, our tag for it, where it came from and as which trunk's. */
type Arrived = { key: string; tag: string; source: Endpoint; trunk: TrunkSettings };

/** A datagram larger than this is not read (RFC 3261 §18.1.1 wants TCP far below it). */
const maxDatagramBytes = 16_384;
/** How many of the sources that were turned away are shown. */
const rejectedShown = 10;
/** Bound on memory: at 100 calls/s some 7,000 are running, for 32 s each. Within dialogs there is room for as many more. */
const maxTransactions = 20_000;

const busy: ResponseSpec = { status: 486, reason: "Busy Here" };
const ok: ResponseSpec = { status: 200, reason: "OK" };
const noTransaction: ResponseSpec = { status: 481, reason: "Call/Transaction Does Not Exist" };

export function createSignalling(ports: SignallingPorts): Signalling {
  const dropped = new Map<string, number>();
  const timers = createTimers((afterMs, fire) => ports.schedule(afterMs, () => guarded(fire)));
  const { userAgentHeader: server } = ports;
  const ladders = createLadders(ports.nowMs);
  const send: SignallingPorts["send"] = (bytes, to) => {
    ports.trace("out", bytes, to);
    ladders.sent(bytes, to);
    ports.send(bytes, to);
  };
  const servers = createServerTransactions({ send, timers, server });
  const clients = createClientTransactions({ send, timers });
  const isPeer = (remote: Endpoint) => ports.trunkOf(remote) !== undefined;
  const own = createOwnRequests({ ...ports, send, clients, isPeer, userAgent: server });
  const failed = (callId: string, error: unknown) => ports.failed(error, callId);
  const dialogs: Dialogs = createDialogs({ ...ports, servers, own, failed, notified, emptied });
  const calls = createCalls({
    ...ports,
    dialogs,
    timers,
    failed,
    ladders,
    finished(summary, ladder) {
      ports.finished(summary, ladder);
      if (summary.reason === "replaced") return;
      transfers.legs.callEnded(summary.callId);
      transfers.referrals.callEnded(summary.callId);
    },
    holdBack: (callId, proceed) => transfers.referrals.holdBack(callId, proceed),
  });
  const transfers: Transfers = createTransfers({
    ...ports,
    calls,
    ladders,
    dialogs,
    own,
    clients,
    timers,
    failed,
    emptied,
    outbound: ports.outbound,
    userAgent: server,
  });
  const admission = createAdmission(ports.limits, ports.nowMs);
  const rejected = createRejectedSources();
  /** Of the tags of answers that nothing is kept of. */
  const tagSeed = ports.randomId();
  let refusing = false;
  let notifyIdle: (() => void) | undefined;

  function count(reason: string): void {
    dropped.set(reason, (dropped.get(reason) ?? 0) + 1);
  }

  /** Drops it, unanswered, and remembers who sent it. */
  function turnAway({ address }: Pick<Endpoint, "address">, reason: string): void {
    count(reason);
    rejected.note(address, reason);
  }

  /** Whether the source may bring one more piece of new work; if not, it is dropped: a real PBX sends again. */
  function hasRoom(source: Endpoint, kind: WorkKind): boolean {
    if (admission.take(source.address, kind)) return true;
    turnAway(source, `limited-${kind}`);
    return false;
  }

  function guarded(work: () => void): void {
    try {
      work();
    } catch (error) {
      count("internal-error");
      ports.failed(error);
    }
  }

  function receive(datagram: Uint8Array, source: Endpoint): void {
    const trunk = ports.trunkOf(source);
    if (trunk === undefined) return turnAway(source, "not-a-peer");
    if (datagram.length > maxDatagramBytes) return turnAway(source, "too-large");
    guarded(() => {
      ports.trace("in", datagram, source);
      const parsed = parseMessage(datagram);
      if (!parsed.ok) return malformed(parsed, source);
      ladders.received(parsed.message, source);
      if (parsed.message.kind === "response") return receiveResponse(parsed.message);
      if (strays(parsed.message, source, trunk)) return;
      if (parsed.message.method === "ACK") return receiveAck(parsed.message);
      receiveRequest(parsed.message, source, trunk);
    });
  }

  /** For a PBX there are the dialogs of its own trunk. One whose way is gone, as by a registration anew, is any trunk's. */
  function strays(request: SipRequest, source: Endpoint, { name }: TrunkSettings): boolean {
    const home = dialogs.homeOf(request);
    const trunk = home && ports.trunkOf(home);
    // One host may be two trunks': it registers us by one port and calls by another.
    if (home === undefined || trunk === undefined || trunk.name === name || sameAddress(home.address, source.address))
      return false;
    turnAway(source, "other-trunk");
    if (request.method !== "ACK" && hasRoom(source, "other")) answerOnce(request, source, noTransaction);
    return true;
  }

  /** RFC 3261 §21.4.1: what is malformed is refused where it can be answered, without keeping anything of it. */
  function malformed({ fault, refusal }: Parsed & { ok: false }, source: Endpoint): void {
    if (fault === "keep-alive") return;
    turnAway(source, `malformed-${fault}`);
    if (refusal === undefined || !hasRoom(source, "other")) return;
    const { status, reason } = refusal;
    send(buildResponse(refusal, source, { status, reason }, newTag(), server), responseTarget(refusal, source));
  }

  /**
   * RFC 3261 §8.2.7: an answer that nothing is kept of; asked again, it is given again, with the same tag. For what
   * anybody can ask for without end.
   */
  function answerOnce(request: SipRequest, source: Endpoint, response: ResponseSpec): void {
    const { callId, cseq, via } = request;
    const asked = `${tagSeed} ${callId} ${cseq.number} ${via.params.get("branch") ?? ""} ${tagOf(request.from) ?? ""}`;
    const tag = Bun.hash(asked).toString(16).padStart(16, "0");
    send(buildResponse(request, source, response, tag, server), responseTarget(request, source));
  }

  /** RFC 3261 §8.1.3.3: more than one Via means that it strayed to us. */
  function receiveResponse(response: SipResponse): void {
    if (headerList(response, "via").length !== 1 || !clients.receive(response)) count("stray-response");
  }

  function receiveAck(ack: SipRequest): void {
    if (servers.acknowledge(ack) === "dialog" && !dialogs.acknowledge(ack)) count("stray-ack");
  }

  function receiveRequest(request: SipRequest, source: Endpoint, trunk: TrunkSettings): void {
    if (servers.running() >= (tagOf(request.to) === undefined ? 1 : 2) * maxTransactions) return count("overload");
    if (request.method === "CANCEL") return receiveCancel(request, source);
    if (!servers.knows(request) && !dialogs.knows(request) && transfers.legs.early(request) === undefined) {
      if (!hasRoom(source, request.method === "INVITE" && tagOf(request.to) === undefined ? "invite" : "other")) return;
      const answer = stateless(request);
      if (answer !== undefined) return answerOnce(request, source, answer);
    }
    const tag = newTag();
    const key = servers.begin(request, source, tag);
    if (key === undefined) return;
    try {
      serve(request, { key, tag, source, trunk });
    } catch (error) {
      // A bug must not leave a transaction behind that nothing ends.
      servers.respond(key, { status: 500, reason: "Server Internal Error" });
      throw error;
    }
  }

  function serve(request: SipRequest, arrived: Arrived): void {
    const { key } = arrived;
    const within = tagOf(request.to) !== undefined;
    const refusal = within ? checkHeaders(request) : refusalOutside(request, key);
    if (refusal !== undefined) return servers.respond(key, refusal);
    if (within) {
      if (dialogs.receive(request, key)) return;
      if (request.method === "NOTIFY") return notified(request, key);
      servers.respond(key, transfers.legs.early(request) ?? noTransaction);
    } else if (request.method === "INVITE") receiveInvite(request, arrived);
    else servers.respond(key, noTransaction);
  }

  /** RFC 6665 §4.1.3: what belongs to no subscription of ours is 481. */
  function notified(notify: SipRequest, key: string): void {
    servers.respond(key, transfers.referrals.notified(notify) ?? noTransaction);
  }

  function emptied(): void {
    if (dialogs.running() === 0 && transfers.legs.running() === 0) notifyIdle?.();
  }

  /** The answer to a request outside of every dialog that changes nothing; undefined for one that needs a transaction. */
  function stateless(request: SipRequest): ResponseSpec | undefined {
    const within = tagOf(request.to) !== undefined;
    if (request.method === "INVITE" && !within) return undefined;
    // The dialog of a REFER's subscription may be all that is left of a call.
    if (request.method === "NOTIFY" && within && transfers.referrals.expects(request)) return undefined;
    const refusal = (within ? undefined : checkMethodAndScheme(request)) ?? checkHeaders(request);
    if (refusal !== undefined) return refusal;
    if (within || request.method !== "OPTIONS") return noTransaction;
    // RFC 3261 §11.2 has OPTIONS answered as INVITE would be. Fullness is left out: PBXes probe with OPTIONS, and
    // would take a full line for a dead one.
    return refusing ? goingDown : capabilities;
  }

  function refusalOutside(request: SipRequest, key: string): ResponseSpec | undefined {
    const refusal = checkMethodAndScheme(request);
    if (refusal !== undefined) return refusal;
    if (servers.isMerged(request, key)) return { status: 482, reason: "Loop Detected" };
    return checkHeaders(request);
  }

  /** RFC 3261 §9.2. */
  function receiveCancel(request: SipRequest, source: Endpoint): void {
    const invite = serverKey(request, "INVITE");
    const inviteTag = servers.tagOfInvite(invite);
    if (inviteTag === undefined) {
      if (hasRoom(source, "other")) answerOnce(request, source, noTransaction);
      return;
    }
    const key = servers.begin(request, source, inviteTag);
    if (key === undefined) return;
    servers.respond(key, ok);
    calls.cancel(invite);
  }

  function receiveInvite(invite: SipRequest, { key, tag, source, trunk }: Arrived): void {
    const replaces = replacesOf(invite);
    if (replaces === "bad") return servers.respond(key, badReplaces);
    const unfit = checkContent(invite) ?? tooShort(invite, ports.minSessionSeconds);
    if (replaces !== undefined && unfit === undefined) return replace(invite, replaces, { key, tag, source, trunk });
    const refusal = refusing ? goingDown : unfit;
    if (refusal !== undefined) return servers.respond(key, refusal);
    if (calls.unacknowledged() >= ports.limits.earlyDialogs) {
      turnAway(source, "early-dialogs");
      return servers.respond(key, busy);
    }
    const called = calledOf(invite, trunk.called);
    const arrival = { caller: callerOf(invite), called, source: source.address, trunk: trunk.name };
    if (transfers.legs.hasReturned(invite, trunk.name)) {
      count("leg-returned");
      return servers.respond(key, busy);
    }
    const admitted = ports.admit(arrival);
    if (!admitted.ok) return servers.respond(key, { status: admitted.status, reason: admitted.reason });
    ladders.open(invite, source);
    servers.respond(key, { status: 100, reason: "Trying" });
    calls.open(invite, key, tag, source, arrival);
  }

  /** RFC 3891 §3: the dialog named goes on with whom the INVITE brings, if it is one of that trunk's. */
  function replace(invite: SipRequest, named: Replaces, { key, tag, source, trunk }: Arrived): void {
    const found = dialogs.find(named.callId, named.localTag, named.remoteTag);
    // RFC 3891 §8: by a way that is no less secure, or the keys of a call by TLS would be said in the clear.
    const isWeaker = found?.source.transport === "tls" && source.transport !== "tls";
    const isTheirs = found !== undefined && ports.trunkOf(found.source)?.name === trunk.name;
    const entry = isTheirs && !isWeaker ? found : undefined;
    const refusal = refusalToReplace(entry?.state, named.earlyOnly);
    if (entry === undefined || refusal !== undefined) return servers.respond(key, refusal ?? noTransaction);
    ladders.open(invite, source);
    servers.respond(key, { status: 100, reason: "Trying" });
    const taker = { invite, transaction: key, localTag: tag, source };
    takeOver(entry, taker, { ...ports, dialogs, timers });
  }

  /** RFC 3261 §19.3: at least 32 bits of chance; these are 62. */
  function newTag(): string {
    return ports.randomId().replaceAll("-", "").slice(0, 16);
  }

  return {
    receive,
    placeLeg: (request, handlers) => transfers.legs.place(request, handlers),
    refer: (callId, target, handlers) => transfers.referrals.refer(callId, target, handlers),
    lost(connection) {
      transfers.legs.lost(connection);
      clients.lost(connection);
    },
    isInUse: (wanted) => dialogs.all().some(({ source }) => source.connection === wanted),
    register: (request) => clients.begin({ ...request, method: "REGISTER" }),
    count: (reason, address) => (address === undefined ? count(reason) : turnAway({ address }, reason)),
    drain() {
      refusing = true;
    },
    resume() {
      refusing = false;
    },
    draining: () => refusing,
    hangUpAll() {
      refusing = true;
      transfers.legs.hangUpAll();
      calls.hangUpAll();
    },
    whenIdle(notify) {
      if (dialogs.running() === 0 && transfers.legs.running() === 0) notify();
      else notifyIdle = notify;
    },
    status: () => ({
      timers: timers.running(),
      transactions: servers.running() + clients.running(),
      dialogs: dialogs.running(),
      legs: transfers.legs.kept(),
      dropped: Object.fromEntries(dropped),
      rejected: rejected.top(rejectedShown),
    }),
    stop() {
      transfers.legs.stopAll();
      transfers.referrals.stopAll();
      dialogs.stopAll();
      servers.stopAll();
      clients.stopAll();
    },
  };
}
