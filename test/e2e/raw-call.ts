/** One call made packet by packet, so that a test may leave out, repeat and forge what a telephone would not. */
import { randomBytes, randomUUID } from "node:crypto";

export type Datagrams = {
  port: number;
  received: Buffer[];
  send(bytes: string | Uint8Array, to: { port: number; host?: string }): void;
  close(): void;
};

/** A socket on `host` that keeps what it receives. */
export async function openDatagrams(host: string, port = 0): Promise<Datagrams> {
  const received: Buffer[] = [];
  const socket = await Bun.udpSocket({
    hostname: host,
    port,
    socket: { data: (_, datagram) => void received.push(Buffer.from(datagram)), error: () => undefined },
  });
  return {
    port: socket.port,
    received,
    send: (bytes, to) => void socket.send(bytes, to.port, to.host ?? "127.0.0.1"),
    close: () => socket.close(),
  };
}

export type RtpStream = { ssrc: number; sequence: number; timestamp: number };

export const newStream = (): RtpStream => ({
  ssrc: randomBytes(4).readUInt32BE(),
  sequence: randomBytes(2).readUInt16BE(),
  timestamp: randomBytes(4).readUInt32BE(),
});

/** The next packet of a stream: 20 ms of A-law. */
export function rtpPacket(stream: RtpStream, payload: Uint8Array): Buffer {
  const packet = Buffer.alloc(12 + payload.length);
  packet[0] = 0x80;
  packet[1] = 8;
  packet.writeUInt16BE(stream.sequence, 2);
  packet.writeUInt32BE(stream.timestamp, 4);
  packet.writeUInt32BE(stream.ssrc, 8);
  packet.set(payload, 12);
  stream.sequence = (stream.sequence + 1) % 65_536;
  stream.timestamp = (stream.timestamp + payload.length) % 2 ** 32;
  return packet;
}

export type Overrides = { callId?: string; fromTag?: string; toTag?: string | undefined; cseq?: number };

export type RawCallOptions = {
  host: string;
  port: number;
  number: string;
  /** Our SDP, given our RTP port; left out: plain A-law. */
  offer?: (rtpPort: number) => Promise<string>;
  /** In its place: the INVITE has none, and our ACK answers what the 200 offers. */
  answer?: (theirs: string, rtpPort: number) => Promise<string>;
};

/** Calls the line `number` of host:port, is answered and acknowledges. RTP is the test's business. */
export async function rawCall({ host, port, number, offer, answer: answerTo }: RawCallOptions) {
  const sip = await openDatagrams(host);
  const rtp = await openDatagrams(host);
  const callId = randomUUID();
  const fromTag = randomBytes(4).toString("hex");
  let toTag: string | undefined;

  /** A request of this call, or nearly of it. */
  function request(method: string, { cseq = 1, body = "", ...over }: Overrides & { body?: string } = {}): string {
    const tag = "toTag" in over ? over.toTag : toTag;
    return [
      `${method} sip:${number}@${host}:${port} SIP/2.0`,
      `Via: SIP/2.0/UDP ${host}:${sip.port};branch=z9hG4bK${randomBytes(6).toString("hex")};rport`,
      "Max-Forwards: 70",
      `From: <sip:test@${host}>;tag=${over.fromTag ?? fromTag}`,
      `To: <sip:${number}@${host}>${tag ? `;tag=${tag}` : ""}`,
      `Call-ID: ${over.callId ?? callId}`,
      `CSeq: ${cseq} ${method}`,
      `Contact: <sip:test@${host}:${sip.port}>`,
      ...(body ? ["Content-Type: application/sdp"] : []),
      `Content-Length: ${Buffer.byteLength(body)}`,
      "",
      body,
    ].join("\r\n");
  }

  const plain = [
    ...["v=0", `o=- 1 1 IN IP4 ${host}`, "s=-", `c=IN IP4 ${host}`, "t=0 0"],
    ...[`m=audio ${rtp.port} RTP/AVP 8`, "a=rtpmap:8 PCMA/8000", "a=ptime:20", ""],
  ].join("\r\n");
  const body = answerTo === undefined ? ((await offer?.(rtp.port)) ?? plain) : "";
  sip.send(request("INVITE", { body }), { port });
  const answer = await response(sip, /^SIP\/2\.0 200 /);
  toTag = /^To:.*;tag=([^;\r\n]+)/im.exec(answer)?.[1];
  const mediaPort = Number(/^m=audio (\d+)/m.exec(answer)?.[1]);
  const theirs = answer.slice(answer.indexOf("\r\n\r\n") + 4);
  sip.send(request("ACK", { body: (await answerTo?.(theirs, rtp.port)) ?? "" }), { port });
  sip.received.length = 0;

  return {
    sip,
    rtp,
    mediaPort,
    /** Their SDP. */
    answer: theirs,
    toTag: toTag ?? "",
    fromTag,
    callId,
    request,
    /** Sends a request, from here or from elsewhere, and returns the status of its answer. */
    async ask(text: string, from: Datagrams = sip): Promise<number> {
      from.received.length = 0;
      from.send(text, { port });
      return Number((await response(from, /^SIP\/2\.0 /)).slice(8, 11));
    },
    close() {
      sip.close();
      rtp.close();
    },
  };
}

export type RawCall = Awaited<ReturnType<typeof rawCall>>;

/** @throws if it does not come within two seconds. */
async function response(socket: Datagrams, wanted: RegExp): Promise<string> {
  for (let waited = 0; waited < 2_000; waited += 10) {
    const found = socket.received.map((bytes) => bytes.toString("latin1")).find((text) => wanted.test(text));
    if (found !== undefined) return found;
    await Bun.sleep(10);
  }
  throw new Error(`no answer like ${wanted}`);
}
