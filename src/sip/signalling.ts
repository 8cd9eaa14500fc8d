/**
 * The user agent server without its socket: datagrams in, datagrams out (RFC 3261 §8.2, §9.2, §11, §18.2). Time, chance
 * and the network are passed in. Nothing that a datagram holds can make it throw. Long because it is one closure over
 * what all requests share; what each kind of request means stands in uas/, dialog/ and transaction/.
 */

import { createCalls, goingDown } from "./dialog/calls.ts";
import { createDialogs, type Dialogs } from "./dialog/dialogs.ts";
import { createOwnRequests } from "./dialog/own-requests.ts";
import type { Endpoint } from "./endpoint.ts";
import { createLadders } from "./ladder/ladders.ts";
import { headerList, type SipRequest, type SipResponse } from "./message/message.ts";
import { tagOf } from "./message/name-addr.ts";
import { type Parsed, parseMessage } from "./message/parse.ts";
import { sameAddress } from "./peers.ts";
import type { TrunkSettings } from "./ports.ts";
import type { Signalling, SignallingPorts } from "./signalling-ports.ts";
import { createTimers } from "./timers.ts";
import { createClientTransactions } from "./transaction/client-transactions.ts";
import { serverKey } from "./transaction/key.ts";
import { createServerTransactions } from "./transaction/server-transactions.ts";
import { createTransfers, type Transfers } from "./transfers.ts";
import { createTurnedAway } from "./turned-away.ts";
import { type Arrived, createInvitations } from "./uas/invitations.ts";
import { capabilities, checkHeaders, checkMethodAndScheme } from "./uas/requirements.ts";
import { buildResponse, noTransaction, type ResponseSpec, responseTarget } from "./uas/responses.ts";

/** A datagram larger than this is not read (RFC 3261 §18.1.1 wants TCP far below it). */
const maxDatagramBytes = 16_384;
/** Bound on memory: at 100 calls/s some 7,000 are running, for 32 s each. Within dialogs there is room for as many more. */
const maxTransactions = 20_000;

const ok: ResponseSpec = { status: 200, reason: "OK" };

export function createSignalling(ports: SignallingPorts): Signalling {
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
  const turnedAway = createTurnedAway(ports);
  const { count, turnAway, hasRoom } = turnedAway;
  const invited = createInvitations({
    ...ports,
    servers,
    calls,
    dialogs,
    ladders,
    timers,
    transfers,
    turnedAway,
    isRefusing: () => refusing,
  });
  /** Of the tags of answers that nothing is kept of. */
  const tagSeed = ports.randomId();
  let refusing = false;
  let notifyIdle: (() => void) | undefined;

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
    } else if (request.method === "INVITE") invited(request, arrived);
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
      ...turnedAway.status(),
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
