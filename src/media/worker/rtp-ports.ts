/** Pairs of UDP sockets for one call: RTP on an even port, RTCP on the next (RFC 3550 §11). */
import type { udp } from "bun";
import { descriptorOf, dscp, prepareDatagramSocket } from "../../sockets/options.ts";
import { ipVersion } from "../ip-address.ts";
import type { Source } from "../source-latch.ts";

export type Channel = "rtp" | "rtcp";

export type SocketPair = {
  port: number;
  /** False if the system took nothing (its buffer is full, no route): the packet is lost. */
  send(channel: Channel, packet: Uint8Array, to: Source): boolean;
  close(): void;
};

export type PairHandlers = {
  datagram(channel: Channel, bytes: Uint8Array, source: Source): void;
  /** An error of the socket itself. Media goes on: the network may come back. */
  failed(channel: Channel): void;
};

export type PortRange = { from: number; to: number } | undefined;

type Socket = udp.Socket<"buffer">;

const triesWithoutRange = 50;
const receiveBufferBytes = 256 * 1024;

/** Hands out pairs, each time from where it left off, so that a port rests for long before another call gets it. */
export function createPortPool(range: PortRange, random: () => number) {
  const pairs = range === undefined ? 0 : Math.max(0, Math.floor((range.to + 1 - firstEven(range.from)) / 2));
  let cursor = Math.floor(random() * pairs);

  /** @throws Error if no pair is free, or the address is not one of this machine's. */
  async function open(address: string, handlers: PairHandlers): Promise<SocketPair> {
    const tries = range === undefined ? triesWithoutRange : pairs;
    let refusal: unknown;
    for (let tried = 0; tried < tries; tried++) {
      const wanted = range === undefined ? 0 : firstEven(range.from) + 2 * cursor;
      cursor = pairs === 0 ? 0 : (cursor + 1) % pairs;
      try {
        const pair = await bindPair(address, wanted, handlers);
        if (pair !== undefined) return pair;
      } catch (error) {
        if (codeOf(error) !== "EADDRINUSE") throw error;
        refusal = error;
      }
    }
    throw new Error("no pair of free RTP ports", { cause: refusal });
  }

  return { open };
}

/** @param wanted even, or 0 for what the system gives. @returns undefined if it gave an odd one. */
async function bindPair(address: string, wanted: number, handlers: PairHandlers): Promise<SocketPair | undefined> {
  const rtp = await bind(address, wanted, "rtp", handlers);
  if (rtp.port % 2 !== 0) {
    rtp.close();
    return undefined;
  }
  let rtcp: Socket;
  try {
    rtcp = await bind(address, rtp.port + 1, "rtcp", handlers);
  } catch (error) {
    rtp.close();
    throw error;
  }
  const sockets = { rtp, rtcp };
  return {
    port: rtp.port,
    send: (channel, packet, to) => sockets[channel].send(packet, to.port, to.address),
    close() {
      rtp.close();
      rtcp.close();
    },
  };
}

async function bind(address: string, port: number, channel: Channel, handlers: PairHandlers): Promise<Socket> {
  const socket = await Bun.udpSocket({
    hostname: address,
    port,
    binaryType: "buffer",
    socket: {
      data: (_, bytes, sourcePort, sourceAddress) =>
        handlers.datagram(channel, bytes, { address: sourceAddress, port: sourcePort }),
      error: () => handlers.failed(channel),
    },
  });
  const fd = descriptorOf(socket);
  const isIpv6 = ipVersion(address) === 6;
  const { receiveErrorsOff } =
    fd === undefined
      ? { receiveErrorsOff: false }
      : prepareDatagramSocket(fd, { isIpv6, mark: dscp.voice, receiveBufferBytes });
  if (receiveErrorsOff) return socket;
  socket.close();
  throw new Error("the system refuses to switch off IP_RECVERR");
}

function firstEven(port: number): number {
  return port + (port % 2);
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && "code" in error ? String(error.code) : undefined;
}
