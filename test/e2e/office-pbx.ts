/**
 * An office's PBX as a transfer sees it, in one SIP port: it calls Gatehouse for a caller, and takes Gatehouse's legs to
 * its extensions. What either side does is the test's business.
 */
import { randomBytes, randomUUID } from "node:crypto";
import { type LineSound, openSound } from "./line-sound.ts";

/** Where Gatehouse is, and the PBX's port for its legs. */
const host = "127.0.0.1";
const newTag = () => randomBytes(4).toString("hex");
const newBranch = () => `z9hG4bK${randomBytes(6).toString("hex")}`;

export const headerOf = (text: string, name: string): string =>
  new RegExp(`^${name}: *(.*)$`, "im").exec(text)?.[1]?.trim() ?? "";
const bodyOf = (text: string): string => text.slice(text.indexOf("\r\n\r\n") + 4);
const tagOf = (header: string): string => /;tag=([^;\s]+)/.exec(header)?.[1] ?? "";

function response(request: string, status: string, toTag: string, more: readonly string[] = [], body = ""): string {
  const copied = request.split("\r\n").filter((line) => /^(Via|From|Call-ID|CSeq):/i.test(line));
  const to = headerOf(request, "To");
  return [
    `SIP/2.0 ${status}`,
    ...copied,
    `To: ${to}${/;tag=/.test(to) || status.startsWith("100") ? "" : `;tag=${toTag}`}`,
    ...more,
    ...(body === "" ? [] : ["Content-Type: application/sdp"]),
    `Content-Length: ${Buffer.byteLength(body)}`,
    "",
    body,
  ].join("\r\n");
}

type Socket = { port: number; send(text: string, port: number): void; close(): void };

async function openSip(receive: (text: string, port: number) => void, from = host): Promise<Socket> {
  const socket = await Bun.udpSocket({
    hostname: from,
    socket: { data: (_, datagram, port) => receive(datagram.toString("utf8"), port), error: () => undefined },
  });
  return {
    port: socket.port,
    send: (text, port) => void socket.send(text, port, host),
    close: () => socket.close(),
  };
}

/** Waits for something that will be told; @throws naming it if it is not in time. */
function awaited<T>(what: string) {
  const { promise, resolve } = Promise.withResolvers<T>();
  let value: { is: T } | undefined;
  return {
    tell(told: T): void {
      value ??= { is: told };
      resolve(told);
    },
    get isTold() {
      return value !== undefined;
    },
    async within(boundMs: number): Promise<T> {
      const late = Bun.sleep(boundMs).then(() => {
        throw new Error(`${what}: not within ${boundMs} ms`);
      });
      return await Promise.race([promise, late]);
    },
  };
}

/** A leg of Gatehouse's at one extension: rings until the test says what comes of it. */
export type Leg = {
  readonly extension: string;
  readonly arrivedMs: number;
  readonly callId: string;
  /** As the INVITE has it, and ours. */
  readonly fromTag: string;
  readonly toTag: string;
  readonly invite: string;
  readonly sound: LineSound;
  refuse(status: string): void;
  answer(): void;
  hangUp(): void;
  /** When Gatehouse cancelled it or hung up, `performance.now()`. */
  readonly cancelled: ReturnType<typeof awaited<number>>;
  readonly hungUp: ReturnType<typeof awaited<number>>;
};

export async function openPbx() {
  const legs = new Map<string, { leg: Leg; request(method: string): string; from: number }>();
  const waiting: ((leg: Leg) => void)[] = [];
  const unexpected: string[] = [];
  let returned: { callId: string; status: ReturnType<typeof awaited<number>> } | undefined;
  const socket = await openSip((text, port) => void receive(text, port));

  async function receive(text: string, port: number): Promise<void> {
    const method = text.slice(0, text.indexOf(" "));
    if (method === "INVITE" && !legs.has(headerOf(text, "Call-ID"))) return await arrive(text, port);
    if (method.startsWith("SIP/") && headerOf(text, "Call-ID") === returned?.callId && !/^SIP\/2\.0 1/.test(text))
      returned.status.tell(Number(text.slice(8, 11)));
    const known = legs.get(headerOf(text, "Call-ID"));
    if (known === undefined || method === "ACK" || method.startsWith("SIP/")) return;
    const { leg } = known;
    socket.send(response(text, "200 OK", leg.toTag), port);
    if (method === "BYE") leg.hungUp.tell(performance.now());
    if (method !== "CANCEL") return;
    socket.send(response(leg.invite, "487 Request Terminated", leg.toTag), port);
    leg.cancelled.tell(performance.now());
  }

  async function arrive(invite: string, port: number): Promise<void> {
    const [callId, toTag] = [headerOf(invite, "Call-ID"), newTag()];
    const contact = [`Contact: <sip:pbx@${host}:${socket.port}>`];
    const cancelled = awaited<number>("CANCEL");
    const hungUp = awaited<number>("BYE to the leg");
    const request = (method: string) =>
      [
        `${method} ${/<([^>]+)>/.exec(headerOf(invite, "Contact"))?.[1]} SIP/2.0`,
        `Via: SIP/2.0/UDP ${host}:${socket.port};branch=${newBranch()};rport`,
        "Max-Forwards: 70",
        `From: ${headerOf(invite, "To")};tag=${toTag}`,
        `To: ${headerOf(invite, "From")}`,
        `Call-ID: ${callId}`,
        `CSeq: 1 ${method}`,
        "Content-Length: 0",
        "",
        "",
      ].join("\r\n");
    const sound = await openSound();
    const leg: Leg = {
      extension: /^INVITE sip:([^@]+)@/.exec(invite)?.[1] ?? "",
      arrivedMs: performance.now(),
      callId,
      fromTag: tagOf(headerOf(invite, "From")),
      toTag,
      invite,
      sound,
      cancelled,
      hungUp,
      refuse: (status) => socket.send(response(invite, status, toTag), port),
      answer() {
        socket.send(response(invite, "200 OK", toTag, contact, sound.sdp()), port);
        sound.connect(bodyOf(invite));
      },
      hangUp: () => socket.send(request("BYE"), port),
    };
    legs.set(callId, { leg, request, from: port });
    socket.send(response(invite, "180 Ringing", toTag, contact), port);
    const next = waiting.shift();
    if (next) next(leg);
    else unexpected.push(leg.extension);
  }

  return {
    port: socket.port,
    /** Legs that nobody waited for. */
    unexpected,
    /** The next leg to come. */
    nextLeg(boundMs: number): Promise<Leg> {
      const leg = awaited<Leg>("a leg");
      waiting.push(leg.tell);
      return leg.within(boundMs);
    },
    /** An extension that nobody answers forwards to the main number: Gatehouse's own leg comes back to it. */
    async forwardBack(leg: Leg, port: number): Promise<number> {
      returned = { callId: randomUUID(), status: awaited<number>("an answer to the forwarded call") };
      const invite = [
        `INVITE sip:reception@${host}:${port} SIP/2.0`,
        `Via: SIP/2.0/UDP ${host}:${socket.port};branch=${newBranch()};rport`,
        "Max-Forwards: 69",
        `From: ${headerOf(leg.invite, "From").replace(/;tag=.*/, "")};tag=${newTag()}`,
        `To: <sip:${leg.extension}@${host}>`,
        `Call-ID: ${returned.callId}`,
        "CSeq: 1 INVITE",
        `Contact: <sip:pbx@${host}:${socket.port}>`,
        `Diversion: <sip:${leg.extension}@${host}>;reason=no-answer`,
        "Content-Type: application/sdp",
        `Content-Length: ${Buffer.byteLength(leg.sound.sdp())}`,
        "",
        leg.sound.sdp(),
      ];
      socket.send(invite.join("\r\n"), port);
      return await returned.status.within(2_000);
    },
    close() {
      for (const { leg } of legs.values()) leg.sound.close();
      socket.close();
    },
  };
}

export type Pbx = Awaited<ReturnType<typeof openPbx>>;

export type CallerOptions = {
  /** What the PBX answers to a REFER in his dialog. */
  onRefer: "accept" | "refuse";
  /** The address that he comes from: which trunk. */
  from?: string;
};

/** A caller on the line to Gatehouse at `port`. */
export async function callIn(port: number, { onRefer, from = host }: CallerOptions) {
  const sound = await openSound(from);
  const [callId, tag] = [randomUUID(), newTag()];
  const uri = `sip:reception@${host}:${port}`;
  const answered = awaited<void>("an answer");
  const hungUp = awaited<number>("BYE to the caller");
  const referred = awaited<string>("REFER");
  let to = `<${uri}>`;
  let cseq = 1;
  const socket = await openSip((text) => receive(text), from);

  function request(method: string, number: number, more: readonly string[] = [], body = ""): string {
    return [
      `${method} ${uri} SIP/2.0`,
      `Via: SIP/2.0/UDP ${from}:${socket.port};branch=${newBranch()};rport`,
      "Max-Forwards: 70",
      `From: <sip:caller@${from}>;tag=${tag}`,
      `To: ${to}`,
      `Call-ID: ${callId}`,
      `CSeq: ${number} ${method}`,
      `Contact: <sip:caller@${from}:${socket.port}>`,
      ...more,
      `Content-Length: ${Buffer.byteLength(body)}`,
      "",
      body,
    ].join("\r\n");
  }

  function receive(text: string): void {
    if (text.startsWith("SIP/2.0 200") && /^CSeq: *1 INVITE/im.test(text)) {
      to = headerOf(text, "To");
      socket.send(request("ACK", 1), port);
      sound.connect(bodyOf(text));
      return answered.tell();
    }
    if (text.startsWith("SIP/")) return;
    const isRefer = text.startsWith("REFER");
    const status = isRefer ? (onRefer === "accept" ? "202 Accepted" : "603 Decline") : "200 OK";
    if (!text.startsWith("ACK")) socket.send(response(text, status, tag), port);
    if (text.startsWith("BYE")) hungUp.tell(performance.now());
    if (isRefer) referred.tell(text);
  }

  socket.send(request("INVITE", 1, ["Content-Type: application/sdp"], sound.sdp()), port);
  await answered.within(10_000);
  return {
    sound,
    hungUp,
    referred,
    /** A NOTIFY of the subscription that a REFER makes (RFC 3515 §2.4.4). */
    notify(status: string, isLast: boolean): void {
      const state = isLast ? "terminated;reason=noresource" : "active;expires=60";
      const more = ["Event: refer", `Subscription-State: ${state}`, "Content-Type: message/sipfrag;version=2.0"];
      socket.send(request("NOTIFY", ++cseq, more, `SIP/2.0 ${status}\r\n`), port);
    },
    hangUp: () => socket.send(request("BYE", ++cseq), port),
    close() {
      socket.close();
      sound.close();
    },
  };
}

export type Caller = Awaited<ReturnType<typeof callIn>>;
