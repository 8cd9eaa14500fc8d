/** Calls over IPv6, SIP by UDP, TCP and TLS, with sound both ways. */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { connect, type Socket } from "node:net";
import { connect as tlsConnect } from "node:tls";
import type { Status } from "../../src/control/ports.ts";
import { reading } from "../sip/transport/stream-phone.ts";
import { type Appliance, removeFolders, startAppliance, until } from "./appliance.ts";
import { newStream, openDatagrams, rtpPacket } from "./raw-call.ts";

const host = "::1";
let appliance: Appliance;
let ports: { sip: number; tls: number };
beforeAll(async () => {
  appliance = await startAppliance({
    set: [
      `sip.address="${host}"`,
      `sip.peers=["${host}"]`,
      'sip.transports=["udp","tcp","tls"]',
      "sip.tlsPort=0",
      'lines=[{number="*",kind="echo"}]',
      "calls.drainSeconds=0",
    ],
  });
  const { address, tls } = (await appliance.cli<Status>("status")).sip;
  ports = { sip: Number(address.slice(address.lastIndexOf(":") + 1)), tls: tls?.port ?? 0 };
}, 30_000);
afterAll(async () => {
  expect(await appliance.stop()).toBe(0);
  removeFolders(appliance.folders);
}, 20_000);

type Phone = { port: number; send(message: string): void; next(): Promise<string>; close(): void };

async function phoneBy(transport: "UDP" | "TCP" | "TLS"): Promise<Phone> {
  if (transport !== "UDP") {
    const at = { host, port: transport === "TLS" ? ports.tls : ports.sip };
    const socket: Socket = transport === "TLS" ? tlsConnect({ ...at, rejectUnauthorized: false }) : connect(at);
    const phone = reading(socket);
    await new Promise((resolve) => socket.once(transport === "TLS" ? "secureConnect" : "connect", resolve));
    return { port: socket.localPort ?? 0, send: phone.send, next: phone.next, close: () => socket.destroy() };
  }
  const socket = await openDatagrams(host);
  return {
    port: socket.port,
    send: (message) => socket.send(message, { host, port: ports.sip }),
    async next() {
      await until("an answer", () => socket.received.length > 0);
      return socket.received.shift()?.toString("latin1") ?? "";
    },
    close: socket.close,
  };
}

/** The next message that begins so: what comes again in between is no news. */
async function nextLike(phone: Phone, start: string): Promise<string> {
  for (;;) {
    const message = await phone.next();
    if (message.startsWith(start) || message === "closed") return message;
  }
}

test.each(["UDP", "TCP", "TLS"] as const)(
  "A call over [::1] by %s: answered, its sound comes back, hung up",
  async (transport) => {
    const phone = await phoneBy(transport);
    const rtp = await openDatagrams(host);
    const call = `ipv6-${transport}`;
    const request = (method: string, cseq: number, toTag: string, body = "") =>
      [
        `${method} sip:100@[${host}] SIP/2.0`,
        `Via: SIP/2.0/${transport} [${host}]:${phone.port};branch=z9hG4bK${call}${method};rport`,
        "Max-Forwards: 70",
        `From: <sip:07700900123@[${host}]>;tag=a`,
        `To: <sip:100@[${host}]>${toTag}`,
        `Call-ID: ${call}`,
        `CSeq: ${cseq} ${method}`,
        `Contact: <sip:test@[${host}]:${phone.port}>`,
        ...(body === "" ? [] : ["Content-Type: application/sdp"]),
        `Content-Length: ${body.length}`,
        "",
        body,
      ].join("\r\n");
    const offer = [
      ...["v=0", `o=- 1 1 IN IP6 ${host}`, "s=-", `c=IN IP6 ${host}`, "t=0 0"],
      ...[`m=audio ${rtp.port} RTP/AVP 8`, "a=ptime:20", ""],
    ].join("\r\n");

    phone.send(request("INVITE", 1, "", offer));
    const answer = await nextLike(phone, "SIP/2.0 200 OK\r\n");
    expect(answer).toContain(`c=IN IP6 ${host}\r\n`);
    const contact = transport === "TLS" ? `${ports.tls};transport=tls` : `${ports.sip}`;
    expect(answer).toContain(`Contact: <sip:[${host}]:${contact}${transport === "TCP" ? ";transport=tcp" : ""}>\r\n`);
    const toTag = /^To:.*(;tag=.*)\r$/m.exec(answer)?.[1] ?? "";
    phone.send(request("ACK", 1, toTag));

    const mediaPort = Number(/^m=audio ([0-9]+)/m.exec(answer)?.[1]);
    const payload = Buffer.from(Array.from({ length: 160 }, (_, at) => at));
    const stream = newStream();
    const echoed = () => rtp.received.filter((packet) => packet.subarray(12).equals(payload)).length;
    await until("the echo", () => {
      rtp.send(rtpPacket(stream, payload), { host, port: mediaPort });
      return echoed() >= 20;
    });

    phone.send(request("BYE", 2, toTag));
    expect(await nextLike(phone, "SIP/2.0 200 OK\r\n")).toContain("CSeq: 2 BYE\r\n");
    await until("the call gone", async () => (await appliance.cli<Status>("status")).sip.dialogs === 0);
    phone.close();
    rtp.close();
  },
  20_000,
);
