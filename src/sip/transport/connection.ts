/** One connection that carries SIP messages (RFC 3261 §18.3), either way: cut into messages, kept alive, bounded. */
import type { Socket } from "node:net";
import { defaultSipPort, type Endpoint } from "../endpoint.ts";
import { createStreamFramer } from "../message/stream.ts";
import { plainAddress } from "../peers.ts";

export type Connection = {
  readonly remote: Endpoint & { readonly connection: number };
  readonly local: Endpoint;
  write(bytes: Uint8Array): void;
  lost(): void;
};

export type ConnectionEvents = {
  receive(message: Uint8Array, source: Endpoint): void;
  /** Static reasons, for counting; `address`: who is to blame. */
  dropped(reason: string, address?: string): void;
  closed(one: Connection): void;
  /** Whether a call goes by it: then it may be silent for as long as people talk. */
  isInUse(connection: number): boolean;
};

/** Bounds, as for datagrams: a message as large as one datagram may be. */
const limits = { headerBytes: 16_384, messageBytes: 65_536 };
/** A message that has begun must end. */
const messageMs = 10_000;
/** RFC 5626 §4.4.1 has pings at most every two minutes: who says nothing for so long and has none is gone. */
const idleMs = 600_000;
/** RFC 5626 §4.4.1: on connections of ours, so that no firewall forgets them. */
const pingMs = 25_000;
/** A peer that does not read: rather no connection than memory without bound. */
const maxUnsentBytes = 262_144;

const ping = Buffer.from("\r\n\r\n");
const pong = Buffer.from("\r\n");

/** @param pinged It is ours to keep alive, and does not idle. */
export function openConnection(
  socket: Socket,
  ends: Pick<Connection, "remote" | "local">,
  pinged: boolean,
  events: ConnectionEvents,
): Connection {
  const framer = createStreamFramer(limits);
  const { address } = ends.remote;
  let over = false;
  let unfinished: ReturnType<typeof setTimeout> | undefined;
  const pinging = pinged ? setInterval(() => write(ping), pingMs) : undefined;
  const one: Connection = { ...ends, write, lost };

  function lost(): void {
    if (over) return;
    over = true;
    clearTimeout(unfinished);
    clearInterval(pinging);
    socket.destroy();
    events.closed(one);
  }

  function drop(reason: string, blamed?: string): void {
    events.dropped(reason, blamed);
    lost();
  }

  function write(bytes: Uint8Array): void {
    if (over) return;
    socket.write(bytes);
    if (socket.writableLength > maxUnsentBytes) drop("stream-not-read", address);
  }

  function read(chunk: Uint8Array): void {
    const all = framer.push(chunk);
    for (const framed of all) {
      if (framed.kind === "message") events.receive(framed.bytes, one.remote);
      else if (framed.kind === "ping") write(pong);
      else if (framed.kind === "bad") return drop(`stream-${framed.reason}`, address);
    }
    // The time runs from a message's first octet: one that drips in holds its connection no longer than one that stops.
    if (all.length > 0 || framer.pending() === 0) {
      clearTimeout(unfinished);
      unfinished = undefined;
    }
    if (framer.pending() > 0 && !over) unfinished ??= setTimeout(() => drop("stream-unfinished", address), messageMs);
  }

  function awaitIdle(): void {
    socket.setTimeout(idleMs, () => {
      if (events.isInUse(ends.remote.connection)) awaitIdle();
      else drop("stream-idle");
    });
  }

  socket.setNoDelay(true);
  if (!pinged) awaitIdle();
  socket.on("data", read);
  socket.on("close", lost);
  socket.on("end", lost); // who has said all that they will say needs no half of a connection
  return one;
}

export function localEndOf(socket: Socket, { transport }: Endpoint): Endpoint {
  const address = plainAddress(socket.localAddress ?? "");
  const port = socket.localPort ?? defaultSipPort;
  return transport === undefined ? { address, port } : { address, port, transport };
}
