/**
 * Many calls placed from one UDP socket: INVITE, ACK and BYE with their retransmissions (RFC 3261 §17.1), and nothing
 * else, so that it is never the slower side. Test equipment: it knows only what answers over loopback.
 */
import { randomBytes } from "node:crypto";

export type Placed = {
  /** Their answer. */
  sdp: string;
  /** From our first INVITE to their 200. */
  setupMs: number;
  /** Resolves when the BYE has been answered; rejects if it is not within 32 s. */
  hangUp(): Promise<void>;
};

export type Dialler = {
  /** @throws Error with the status if it is refused, or 408 after 32 s without an answer. */
  place(number: string, sdp: string): Promise<Placed>;
  /** Requests that had to be sent again. */
  readonly resent: number;
  /** Calls that the other side ended. */
  readonly endedByThem: number;
  close(): void;
};

type Transaction = { answered(response: string, status: number): void; quiet(): void; stop(): void };

const [t1Ms, t2Ms, giveUpMs] = [500, 4_000, 32_000];

export async function createDialler(host: string, target: { host: string; port: number }): Promise<Dialler> {
  const counts = { resent: 0, endedByThem: 0 };
  /** By branch. */
  const transactions = new Map<string, Transaction>();
  /** The ACK of each call that was answered, by Call-ID: a 200 that comes again is acknowledged again. */
  const acks = new Map<string, string>();
  const socket = await Bun.udpSocket({
    hostname: host,
    socket: { data: (_, datagram) => receive(datagram.toString("latin1")), error: () => undefined },
  });
  const send = (text: string) => void socket.send(text, target.port, target.host);

  function begin(branch: string, text: string, mostMs: number, answered: Transaction["answered"]): void {
    const began = performance.now();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const stop = () => {
      clearTimeout(timer);
      transactions.delete(branch);
    };
    const giveUp = () => {
      stop();
      answered("", 408);
    };
    const again = (afterMs: number) => {
      timer = setTimeout(() => {
        if (performance.now() - began >= giveUpMs) return giveUp();
        counts.resent += 1;
        send(text);
        again(Math.min(2 * afterMs, mostMs));
      }, afterMs);
    };
    /** §17.1.1.2: a provisional answer ends the repetition; the server repeats its 200 by itself. */
    const quiet = () => {
      clearTimeout(timer);
      timer = setTimeout(giveUp, giveUpMs);
    };
    transactions.set(branch, { answered, quiet, stop });
    send(text);
    again(t1Ms);
  }

  function receive(text: string): void {
    if (!text.startsWith("SIP/2.0 ")) return receiveRequest(text);
    const status = Number(text.slice(8, 11));
    const branch = /branch=([^;\s]+)/.exec(text)?.[1] ?? "";
    const transaction = transactions.get(branch);
    if (transaction !== undefined) return transaction.answered(text, status);
    const ack = acks.get(/^Call-ID: *(\S+)/im.exec(text)?.[1] ?? "");
    if (ack !== undefined && /^CSeq: *1 INVITE/im.test(text)) send(ack);
  }

  function receiveRequest(text: string): void {
    if (text.startsWith("ACK")) return;
    if (text.startsWith("BYE")) counts.endedByThem += 1;
    const lines = text.split("\r\n").filter((line) => /^(Via|From|To|Call-ID|CSeq):/i.test(line));
    send(["SIP/2.0 200 OK", ...lines, "Content-Length: 0", "", ""].join("\r\n"));
  }

  function place(number: string, sdp: string): Promise<Placed> {
    const callId = `${token()}@${host}`;
    const uri = `sip:${number}@${target.host}:${target.port}`;
    const from = `<sip:load@${host}>;tag=${token()}`;
    const compose = (method: string, branch: string, cseq: number, to: string, body = "") =>
      [
        `${method} ${uri} SIP/2.0`,
        `Via: SIP/2.0/UDP ${host}:${socket.port};branch=${branch};rport`,
        "Max-Forwards: 70",
        `From: ${from}`,
        `To: ${to}`,
        `Call-ID: ${callId}`,
        `CSeq: ${cseq} ${method}`,
        `Contact: <sip:load@${host}:${socket.port}>`,
        ...(body === "" ? [] : ["Content-Type: application/sdp"]),
        `Content-Length: ${Buffer.byteLength(body)}`,
        "",
        body,
      ].join("\r\n");
    const inviteBranch = newBranch();
    const answer = Promise.withResolvers<Placed>();
    const beganMs = performance.now();
    begin(inviteBranch, compose("INVITE", inviteBranch, 1, `<${uri}>`, sdp), giveUpMs, (response, status) => {
      if (status < 200) return transactions.get(inviteBranch)?.quiet();
      transactions.get(inviteBranch)?.stop();
      const to = /^To: *(.*)$/im.exec(response)?.[1]?.trim() ?? `<${uri}>`;
      if (status >= 300) {
        if (response !== "") send(compose("ACK", inviteBranch, 1, to)); // of the same transaction (§17.1.1.3)
        return answer.reject(new Error(`${status}`));
      }
      const ack = compose("ACK", newBranch(), 1, to);
      acks.set(callId, ack);
      send(ack);
      answer.resolve({
        sdp: response.slice(response.indexOf("\r\n\r\n") + 4),
        setupMs: performance.now() - beganMs,
        hangUp: () => hangUp(callId, (branch) => compose("BYE", branch, 2, to)),
      });
    });
    return answer.promise;
  }

  function hangUp(callId: string, bye: (branch: string) => string): Promise<void> {
    const branch = newBranch();
    const done = Promise.withResolvers<void>();
    begin(branch, bye(branch), t2Ms, (_, status) => {
      if (status < 200) return;
      transactions.get(branch)?.stop();
      acks.delete(callId);
      if (status === 200 || status === 481) done.resolve();
      else done.reject(new Error(`BYE: ${status}`));
    });
    return done.promise;
  }

  return {
    place,
    get resent() {
      return counts.resent;
    },
    get endedByThem() {
      return counts.endedByThem;
    },
    close() {
      for (const { stop } of [...transactions.values()]) stop();
      socket.close();
    },
  };
}

const token = () => randomBytes(8).toString("hex");
const newBranch = () => `z9hG4bK${token()}`;
