/** A telephone behind the PBX, made message by message: it sends and hears through a record-routing proxy. */
import { randomBytes, randomUUID } from "node:crypto";
import { openDatagrams } from "./raw-call.ts";

const host = "127.0.0.1";

export type Answer = { status: number; method: string; text: string };

/** One call from that port (for which the PBX wants no password), not yet begun. */
export async function pbxPhone(pbx: { port: number; callerPort: number }, number: string) {
  const [sip, rtp] = [await openDatagrams(host, pbx.callerPort), await openDatagrams(host)];
  const [callId, fromTag] = [randomUUID(), randomBytes(4).toString("hex")];
  const inviteBranch = `z9hG4bK${randomBytes(6).toString("hex")}`;
  let [target, toTag] = [`sip:${number}@${host}:${pbx.port}`, ""];
  let routes: string[] = [];
  let cseq = 1;

  function send(method: string, own: number, branch: string, lines: readonly string[], body: string): void {
    const text = [
      `${method} ${target} SIP/2.0`,
      `Via: SIP/2.0/UDP ${host}:${pbx.callerPort};branch=${branch};rport`,
      ...routes.map((route) => `Route: ${route}`),
      "Max-Forwards: 70",
      `From: <sip:07700900123@${host}>;tag=${fromTag}`,
      `To: <sip:${number}@pbx.test>${toTag}`,
      `Call-ID: ${callId}`,
      `CSeq: ${own} ${method}`,
      `Contact: <sip:ada@${host}:${pbx.callerPort}>`,
      ...lines,
      `Content-Length: ${Buffer.byteLength(body)}`,
      "",
      body,
    ].join("\r\n");
    sip.send(text, { port: pbx.port });
  }

  const newBranch = () => `z9hG4bK${randomBytes(6).toString("hex")}`;
  const answers = (): Answer[] =>
    sip.received
      .map((bytes) => bytes.toString("latin1"))
      .filter((text) => text.startsWith("SIP/2.0 "))
      .map((text) => ({
        text,
        status: Number(text.slice(8, 11)),
        method: /^CSeq: [0-9]+ ([A-Z]+)/m.exec(text)?.[1] ?? "",
      }));

  /** The first answer to that method that is like that; what has been heard before does not count twice. */
  async function answer(method: string, wanted: (status: number) => boolean): Promise<Answer> {
    for (const startedAt = performance.now(); performance.now() < startedAt + 10_000; await Bun.sleep(1)) {
      const found = answers().find((one) => one.method === method && wanted(one.status));
      if (found !== undefined) return found;
    }
    throw new Error(`no such answer to ${method} within 10 s`);
  }

  /** The dialog that a 2xx began: where it is, and by which way. */
  function enter({ text }: Answer): void {
    toTag = /^To:[^\r\n]*(;tag=[^;\r\n]+)/im.exec(text)?.[1] ?? "";
    target = /^Contact:[^<\r\n]*<([^>]+)>/im.exec(text)?.[1] ?? target;
    routes = [...text.matchAll(/^Record-Route: ([^\r\n]+)/gim)]
      .flatMap(([, value = ""]) => value.split(","))
      .map((value) => value.trim())
      .reverse();
  }

  const offer = (direction: string, address = host) =>
    [
      ...["v=0", `o=ada 1 ${cseq} IN IP4 ${host}`, "s=-", `c=IN IP4 ${address}`, "t=0 0"],
      ...[`m=audio ${rtp.port} RTP/AVP 8 101`, "a=rtpmap:101 telephone-event/8000", `a=${direction}`, ""],
    ].join("\r\n");
  const sdp = ["Content-Type: application/sdp"];

  return {
    rtp,
    answer,
    enter,
    invite: () => send("INVITE", 1, inviteBranch, sdp, offer("sendrecv")),
    /** Of the INVITE that has no final answer yet. */
    cancel: () => send("CANCEL", 1, inviteBranch, [], ""),
    /** @param refused Whether it was: then the ACK is of the same transaction. */
    acknowledge: (refused = false) => send("ACK", cseq, refused ? inviteBranch : newBranch(), [], ""),
    /** A request within the dialog, answered with 200. */
    async ask(method: string, lines: readonly string[] = [], body = ""): Promise<Answer> {
      cseq += 1;
      sip.received.length = 0;
      send(method, cseq, newBranch(), lines, body);
      return await answer(method, (status) => status >= 200);
    },
    /** A re-INVITE with that direction. Returns the answer's SDP. */
    async reinvite(direction: string, address?: string): Promise<string> {
      cseq += 1;
      sip.received.length = 0;
      send("INVITE", cseq, newBranch(), sdp, offer(direction, address));
      const { text } = await answer("INVITE", (status) => status >= 200);
      send("ACK", cseq, newBranch(), [], "");
      return text.slice(text.indexOf("\r\n\r\n") + 4);
    },
    close() {
      sip.close();
      rtp.close();
    },
  };
}
