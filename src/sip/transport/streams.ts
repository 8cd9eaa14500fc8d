/**
 * SIP over TCP and TLS (RFC 3261 §18): connections of peers to us, ours to them, and what bounds both. A connection is
 * used again for all that goes the same way; one that idles, floods or says nothing sensible is closed.
 */
import { createServer, type Server, type Socket, connect as tcpConnect } from "node:net";
import { defaultSipPort, type Endpoint, hostPort } from "../endpoint.ts";
import { createStreamFramer } from "../message/stream.ts";
import { plainAddress } from "../peers.ts";
import type { TlsTrust } from "../ports.ts";
import { bindingFailed } from "./binding.ts";
import { connectTls } from "./tls.ts";

export type StreamEvents = {
  receive(message: Uint8Array, source: Endpoint): void;
  /** Static reasons, for counting. */
  dropped(reason: string): void;
  /** Asked before anything is read from a connection that somebody opens to us. */
  isPeerAddress(address: string): boolean;
  closed(connection: number): void;
};

export type StreamTransports = {
  /** Listens for TCP. @throws AppError "port_taken" or "invalid_config". @returns the port. */
  listen(at: { address: string; port: number }): Promise<number>;
  /** Never throws: what cannot be sent is counted. Over TCP it connects where it has no connection to that end yet. */
  send(bytes: Uint8Array, to: Endpoint): void;
  /**
   * A new connection of ours, kept alive until `hangUp` or until it is lost.
   * @param tls Present for TLS. @throws Error where it does not come about within connectMs.
   */
  connect(to: Endpoint, tls?: TlsTrust): Promise<Endpoint>;
  /** Our end of that connection; undefined where it is gone. */
  localEnd(connection: number): Endpoint | undefined;
  hangUp(connection: number): void;
  /** Listening sockets and connections. */
  open(): number;
  close(): void;
};

/** Bounds, as for datagrams: a message as large as one datagram may be. */
const limits = { headerBytes: 16_384, messageBytes: 65_536 };
const maxConnections = 256;
const maxConnectionsPerAddress = 64;
/** A message that has begun must end. */
const messageMs = 10_000;
/** RFC 5626 §4.4.1 has pings at most every two minutes: who says nothing for so long and has none is gone. */
const idleMs = 600_000;
const connectMs = 5_000;
/** Messages for a connection that is only being made. */
const maxWaiting = 8;
/** RFC 5626 §4.4.1: on connections of ours, so that no firewall forgets them. */
const pingMs = 25_000;
/** A peer that does not read: rather no connection than memory without bound. */
const maxUnsentBytes = 262_144;

const ping = Buffer.from("\r\n\r\n");
const pong = Buffer.from("\r\n");

type Connection = {
  readonly remote: Endpoint & { readonly connection: number };
  readonly local: Endpoint;
  readonly socket: Socket;
  lost(): void;
};

export function createStreams(events: StreamEvents): StreamTransports {
  const connections = new Map<number, Connection>();
  /** TCP ends that are being connected to: what is to be sent there meanwhile. */
  const dialled = new Map<string, Uint8Array[]>();
  let server: Server | undefined;
  let serial = 0;
  let closed = false;

  /** @param ours We opened it: it is pinged, and does not idle. */
  function adopt(socket: Socket, remote: Endpoint, ours: boolean): Connection {
    serial += 1;
    const connection = serial;
    const local = localEndOf(socket, remote);
    const framer = createStreamFramer(limits);
    let unfinished: ReturnType<typeof setTimeout> | undefined;
    const pinging = ours ? setInterval(() => write(one, ping), pingMs) : undefined;
    const lost = () => {
      if (!connections.delete(connection)) return;
      clearTimeout(unfinished);
      clearInterval(pinging);
      socket.destroy();
      events.closed(connection);
    };
    const one: Connection = { remote: { ...remote, connection }, local, socket, lost };
    const drop = (reason: string) => {
      events.dropped(reason);
      lost();
    };
    connections.set(connection, one);
    socket.setNoDelay(true);
    if (!ours) socket.setTimeout(idleMs, () => drop("stream-idle"));
    socket.on("data", (chunk: Uint8Array) => {
      const all = framer.push(chunk);
      for (const framed of all) {
        if (framed.kind === "message") events.receive(framed.bytes, one.remote);
        else if (framed.kind === "ping") write(one, pong);
        else if (framed.kind === "bad") return drop(`stream-${framed.reason}`);
      }
      // The time runs from a message's first octet: one that drips in holds its connection no longer than one that stops.
      if (all.length > 0 || framer.pending() === 0) {
        clearTimeout(unfinished);
        unfinished = undefined;
      }
      if (framer.pending() > 0) unfinished ??= setTimeout(() => drop("stream-unfinished"), messageMs);
    });
    socket.on("close", lost);
    socket.on("end", lost); // who has said all that they will say needs no half of a connection
    return one;
  }

  function accept(socket: Socket): void {
    const address = plainAddress(socket.remoteAddress ?? "");
    socket.on("error", () => events.dropped("stream-error")); // "close" follows
    const refusal = refusalOf(address);
    if (refusal !== undefined) {
      events.dropped(refusal);
      socket.destroy();
      return;
    }
    adopt(socket, { address, port: socket.remotePort ?? 0, transport: "tcp" }, false);
  }

  function refusalOf(address: string): string | undefined {
    if (!events.isPeerAddress(address)) return "not-a-peer";
    const same = [...connections.values()].filter(({ remote }) => remote.address === address);
    const full = connections.size >= maxConnections || same.length >= maxConnectionsPerAddress;
    return full ? "stream-too-many" : undefined;
  }

  function write(one: Connection, bytes: Uint8Array): void {
    one.socket.write(bytes);
    if (one.socket.writableLength <= maxUnsentBytes) return;
    events.dropped("stream-not-read");
    one.lost();
  }

  function find({ address, port, transport, connection }: Endpoint): Connection | undefined {
    const same = connection === undefined ? undefined : connections.get(connection);
    if (same !== undefined) return same;
    return [...connections.values()].find(
      ({ remote }) => remote.address === address && remote.port === port && remote.transport === transport,
    );
  }

  /** RFC 3261 §18.2.2, §18.1.1: a connection to where the peer listens, for what has none to go by. */
  function dial(to: Endpoint, bytes: Uint8Array): void {
    if (to.transport !== "tcp" || connections.size + dialled.size >= maxConnections) {
      events.dropped("stream-gone"); // whom TLS would have to prove is known to a trunk's settings only
      return;
    }
    const waiting = dialled.get(hostPort(to));
    if (waiting !== undefined) {
      if (waiting.length < maxWaiting) waiting.push(bytes);
      else events.dropped("send-blocked");
      return;
    }
    const queued: Uint8Array[] = [bytes];
    dialled.set(hostPort(to), queued);
    openTcp(to)
      .then((socket) => {
        if (closed) {
          socket.destroy();
          return;
        }
        const one = adopt(socket, { address: to.address, port: to.port, transport: "tcp" }, false);
        for (const message of queued) write(one, message);
      })
      .catch(() => events.dropped("send-failed"))
      .finally(() => dialled.delete(hostPort(to)));
  }

  function openTcp(to: Endpoint): Promise<Socket> {
    const socket = tcpConnect({ host: to.address, port: to.port });
    return settled(socket, "connect");
  }

  /** @param event What says that the socket may be used. */
  function settled(socket: Socket, event: "connect" | "secureConnect"): Promise<Socket> {
    return new Promise((resolve, reject) => {
      const giveUp = setTimeout(() => socket.destroy(new Error("no answer")), connectMs);
      socket.once(event, () => {
        clearTimeout(giveUp);
        if (socket.destroyed) reject(new Error("refused"));
        else resolve(socket);
      });
      socket.on("error", (error) => {
        clearTimeout(giveUp);
        reject(error); // without effect once it is connected
        events.dropped("stream-error");
      });
      socket.once("close", () => {
        clearTimeout(giveUp);
        reject(new Error("closed"));
      });
    });
  }

  return {
    async listen({ address, port }) {
      server = createServer(accept);
      server.maxConnections = maxConnections * 2; // those of strangers are closed at once, but they are some first
      const listening = Promise.withResolvers<void>();
      server.once("error", (error) => listening.reject(bindingFailed({ address, port }, error, "TCP")));
      server.listen({ host: address, port }, () => listening.resolve());
      await listening.promise;
      server.on("error", () => events.dropped("socket-error"));
      const bound = server.address();
      return typeof bound === "object" && bound !== null ? bound.port : port;
    },
    send(bytes, to) {
      if (closed) return;
      const one = find(to);
      if (one === undefined) dial(to, bytes);
      else write(one, bytes);
    },
    async connect(to, tls) {
      const socket = tls === undefined ? await openTcp(to) : await settled(connectTls(to, tls), "secureConnect");
      if (closed) {
        socket.destroy();
        throw new Error("closing");
      }
      return adopt(socket, { ...to, transport: tls === undefined ? "tcp" : "tls" }, true).remote;
    },
    localEnd: (connection) => connections.get(connection)?.local,
    hangUp: (connection) => connections.get(connection)?.lost(),
    open: () => connections.size + (server === undefined || closed ? 0 : 1),
    close() {
      closed = true;
      server?.close();
      for (const { lost } of [...connections.values()]) lost();
    },
  };
}

function localEndOf(socket: Socket, { transport }: Endpoint): Endpoint {
  const address = plainAddress(socket.localAddress ?? "");
  const port = socket.localPort ?? defaultSipPort;
  return transport === undefined ? { address, port } : { address, port, transport };
}
