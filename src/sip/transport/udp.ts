/** SIP over UDP (RFC 3261 §18): one socket, its options, and what the network reports about it. */
import type { udp } from "bun";
import { descriptorOf, dscp, prepareDatagramSocket, sourceAddressTowards } from "../../sockets/options.ts";
import type { Endpoint } from "../endpoint.ts";
import { parseAddress, plainAddress } from "../peers.ts";
import { bindingFailed } from "./binding.ts";

export type UdpTransport = {
  /** Where it listens; the real port where 0 was asked for. */
  readonly address: Endpoint;
  /** Whether the socket has the options that it needs. */
  readonly tuned: boolean;
  /** Never throws: what cannot be sent is reported to `unsent`, and SIP sends it again. */
  send(bytes: Uint8Array, to: Endpoint): void;
  /** Where the peer at that address reaches us. */
  localEndpoint(remote: string): Endpoint;
  close(): void;
};

export type UdpEvents = {
  receive(datagram: Uint8Array, source: Endpoint): void;
  /** Static reasons, for counting: "send-failed", "send-blocked", "socket-error". */
  unsent(reason: string): void;
};

const maxRemembered = 256;
/**
 * What strangers send at 10,000 messages/s while the main thread does something else for 100 ms, as the kernel counts
 * it (it doubles this, and takes up to 1.3 kB for the smallest datagram); less where net.core.rmem_max is lower. With the
 * usual 208 KiB a hold-up of 20 ms would lose the PBX's messages among theirs.
 */
const receiveBufferBytes = 2 * 1024 * 1024;

/** @throws AppError "port_taken", or "invalid_config" for an address that is not this machine's. */
export async function openUdp(listen: Endpoint, events: UdpEvents): Promise<UdpTransport> {
  const socket = await bind(listen, events);
  const fd = descriptorOf(socket);
  const options = { isIpv6: listen.address.includes(":"), mark: dscp.signalling, receiveBufferBytes };
  const tuned = fd !== undefined && prepareDatagramSocket(fd, options).receiveErrorsOff;
  const local: Endpoint = { address: listen.address, port: socket.port };
  const anyAddress = parseAddress(listen.address)?.every((octet, at) => octet === 0 || (at > 9 && octet === 0xff));
  const remembered = new Map<string, Endpoint>();
  // A dual-stack socket sends to IPv4 by the mapped address.
  const wire = (address: string) =>
    listen.address.includes(":") && !address.includes(":") ? `::ffff:${address}` : address;

  return {
    address: local,
    tuned,
    send(bytes, to) {
      try {
        if (!socket.send(bytes, to.port, wire(to.address))) events.unsent("send-blocked");
      } catch {
        events.unsent("send-failed"); // no route, or the firewall forbids it: as good as lost
      }
    },
    localEndpoint(remote) {
      if (anyAddress !== true) return local;
      const known = remembered.get(remote);
      if (known !== undefined) return known;
      if (remembered.size >= maxRemembered) remembered.clear();
      const found: Endpoint = { address: addressTowards(remote) ?? listen.address, port: local.port };
      remembered.set(remote, found);
      return found;
    },
    close: () => socket.close(),
  };
}

async function bind(listen: Endpoint, events: UdpEvents): Promise<udp.Socket<"buffer">> {
  try {
    return await Bun.udpSocket({
      hostname: listen.address,
      port: listen.port,
      socket: {
        data: (_socket, datagram, port, address) => events.receive(datagram, { address: plainAddress(address), port }),
        error: () => events.unsent("socket-error"),
      },
    });
  } catch (error) {
    throw bindingFailed(listen, error, "UDP");
  }
}

function addressTowards(remote: string): string | undefined {
  const octets = parseAddress(remote);
  if (octets === undefined) return undefined;
  const v4 = !remote.includes(":");
  const found = sourceAddressTowards(Uint8Array.from(v4 ? octets.slice(12) : octets));
  if (found === undefined) return undefined;
  if (v4) return found.join(".");
  const view = new DataView(found.buffer);
  return Array.from({ length: 8 }, (_, group) => view.getUint16(group * 2).toString(16)).join(":");
}
