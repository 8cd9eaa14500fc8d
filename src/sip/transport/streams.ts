/**
 * SIP over TCP and TLS (RFC 3261 §18): connections of peers to us, ours to them, and what bounds both. A connection is
 * used again for all that goes the same way; one that idles, floods or says nothing sensible is closed.
 */
import { createServer, type Server, type Socket, connect as tcpConnect } from "node:net";
import { descriptorOf, dscp, markSocket } from "../../sockets/options.ts";
import { type Endpoint, hostPort, type StreamTransport } from "../endpoint.ts";
import { plainAddress } from "../peers.ts";
import type { TlsTrust } from "../ports.ts";
import { bindingFailed } from "./binding.ts";
import { type Connection, localEndOf, openConnection } from "./connection.ts";
import { connectTls, type TlsDoor, type TlsOwn } from "./tls.ts";

export type StreamEvents = {
  receive(message: Uint8Array, source: Endpoint): void;
  /** Static reasons, for counting; `address`: who is to blame. */
  dropped(reason: string, address?: string): void;
  /** Asked before anything is read from a connection that somebody opens to us. */
  isPeerAddress(address: string, transport: StreamTransport): boolean;
  closed(connection: number): void;
  /** Whether a call goes by it. */
  isInUse(connection: number): boolean;
  /** How whoever listens at that address proves itself by TLS; undefined: it cannot, and is not connected to. */
  trustOf(address: string): TlsTrust | undefined;
};

export type StreamTransports = {
  /** Listens for TCP, or behind a door for TLS. @throws AppError "port_taken" or "invalid_config". @returns the port. */
  listen(at: { address: string; port: number }, door?: TlsDoor): Promise<number>;
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

const maxConnections = 256;
const maxConnectionsPerAddress = 64;
const connectMs = 5_000;
/** Messages for a connection that is only being made. */
const maxWaiting = 8;

export function createStreams(events: StreamEvents, own: TlsOwn): StreamTransports {
  const connections = new Map<number, Connection>();
  /** TCP ends that are being connected to: what is to be sent there meanwhile. */
  const dialled = new Map<string, Uint8Array[]>();
  /** Accepted, and not yet known to be whom TLS says. */
  const handshakes = new Map<Socket, string>();
  const servers: Server[] = [];
  let serial = 0;
  let closed = false;

  function adopt(socket: Socket, remote: Endpoint, local: Endpoint, pinged: boolean): Connection {
    serial += 1;
    const ends = { remote: { ...remote, connection: serial }, local };
    const one = openConnection(socket, ends, pinged, {
      ...events,
      closed({ remote: { connection } }) {
        if (connections.delete(connection)) events.closed(connection);
      },
    });
    connections.set(serial, one);
    return one;
  }

  /** @param door What makes it TLS. */
  function accept(socket: Socket, door: TlsDoor | undefined): void {
    const address = plainAddress(socket.remoteAddress ?? "");
    const transport = door === undefined ? "tcp" : "tls";
    const remote: Endpoint = { address, port: socket.remotePort ?? 0, transport };
    socket.on("error", () => events.dropped("stream-error")); // "close" follows
    const refusal = refusalOf(address, transport);
    if (refusal !== undefined) {
      events.dropped(refusal, address);
      socket.destroy();
      return;
    }
    const local = localEndOf(socket, remote);
    mark(socket, address);
    if (door === undefined) adopt(socket, remote, local, false);
    else void shakeHands(socket, door, remote, local);
  }

  async function shakeHands(raw: Socket, door: TlsDoor, remote: Endpoint, local: Endpoint): Promise<void> {
    handshakes.set(raw, remote.address);
    const secured = await door.secure(raw, remote.address);
    handshakes.delete(raw);
    if (secured.ok && !closed && !raw.destroyed) return void adopt(secured.socket, remote, local, false);
    if (!secured.ok) events.dropped(secured.reason, remote.address);
    raw.destroy();
  }

  function refusalOf(address: string, transport: StreamTransport): string | undefined {
    if (!events.isPeerAddress(address, transport)) return "not-a-peer";
    const all = [...[...connections.values()].map(({ remote }) => remote.address), ...handshakes.values()];
    const same = all.filter((one) => one === address);
    const full = all.length >= maxConnections || same.length >= maxConnectionsPerAddress;
    return full ? "stream-too-many" : undefined;
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
    const trust = to.transport === "tls" ? events.trustOf(to.address) : undefined;
    // Nobody is told anything over TLS who could not be asked for proof.
    if ((to.transport === "tls" && trust === undefined) || connections.size + dialled.size >= maxConnections) {
      events.dropped("stream-gone");
      return;
    }
    const key = `${to.transport} ${hostPort(to)}`;
    const waiting = dialled.get(key);
    if (waiting !== undefined) {
      if (waiting.length < maxWaiting) waiting.push(bytes);
      else events.dropped("send-blocked");
      return;
    }
    const queued: Uint8Array[] = [bytes];
    dialled.set(key, queued);
    open(to, trust)
      .then((socket) => {
        if (closed) {
          socket.destroy();
          return;
        }
        const { connection: _gone, ...remote } = to;
        const one = adopt(socket, remote, localEndOf(socket, remote), false);
        for (const message of queued) one.write(message);
      })
      .catch(() => events.dropped("send-failed"))
      .finally(() => dialled.delete(key));
  }

  function open(to: Endpoint, trust: TlsTrust | undefined): Promise<Socket> {
    if (trust !== undefined) return settled(connectTls(to, trust, own), "secureConnect");
    return settled(tcpConnect({ host: to.address, port: to.port }), "connect");
  }

  /** @param event What says that the socket may be used. */
  function settled(socket: Socket, event: "connect" | "secureConnect"): Promise<Socket> {
    return new Promise((resolve, reject) => {
      const giveUp = setTimeout(() => socket.destroy(new Error("no answer")), connectMs);
      socket.once(event, () => {
        clearTimeout(giveUp);
        mark(socket, socket.remoteAddress ?? "");
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
    async listen(at, door) {
      const server = createServer((socket) => accept(socket, door));
      server.maxConnections = maxConnections * 2; // those of strangers are closed at once, but they are some first
      const listening = Promise.withResolvers<void>();
      const protocol = door === undefined ? "TCP" : "TLS";
      server.once("error", (error) => listening.reject(bindingFailed(at, error, protocol)));
      server.listen({ host: at.address, port: at.port }, () => listening.resolve());
      await listening.promise;
      servers.push(server);
      server.on("error", () => events.dropped("socket-error"));
      const bound = server.address();
      return typeof bound === "object" && bound !== null ? bound.port : at.port;
    },
    send(bytes, to) {
      if (closed) return;
      const one = find(to);
      if (one === undefined) dial(to, bytes);
      else one.write(bytes);
    },
    async connect(to, tls) {
      const socket = await open(to, tls);
      if (closed) {
        socket.destroy();
        throw new Error("closing");
      }
      const remote: Endpoint = { ...to, transport: tls === undefined ? "tcp" : "tls" };
      return adopt(socket, remote, localEndOf(socket, remote), true).remote;
    },
    localEnd: (connection) => connections.get(connection)?.local,
    hangUp: (connection) => connections.get(connection)?.lost(),
    open: () => connections.size + handshakes.size + (closed ? 0 : servers.length),
    close() {
      closed = true;
      for (const server of servers) server.close();
      for (const raw of handshakes.keys()) raw.destroy();
      for (const { lost } of [...connections.values()]) lost();
    },
  };
}

/** For the network, as signalling. A wish: where it is not granted, SIP goes as everything else does. */
function mark(socket: Socket, remoteAddress: string): void {
  const fd = descriptorOf(socket);
  if (fd !== undefined) markSocket(fd, remoteAddress.includes(":"), dscp.signalling);
}
