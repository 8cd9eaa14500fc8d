/** What Bun's UDP sockets need and Bun has no call for: Linux socket options, by the C library. */
import { dlopen, FFIType } from "bun:ffi";

const ipv4 = { level: 0, recvErr: 11, trafficClass: 1 } as const; // IPPROTO_IP, IP_RECVERR, IP_TOS
const ipv6 = { level: 41, recvErr: 25, trafficClass: 67 } as const; // IPPROTO_IPV6, IPV6_RECVERR, IPV6_TCLASS

const socketLevel = { level: 1, receiveBuffer: 8 } as const; // SOL_SOCKET, SO_RCVBUF
/**
 * What strangers send at 10,000 messages/s while the main thread does something else for 100 ms, as the kernel counts
 * it (it doubles this, and takes up to 1.3 kB for the smallest datagram); less where net.core.rmem_max is lower. With the
 * usual 208 KiB a hold-up of 20 ms would lose the PBX's messages among theirs.
 */
const receiveBufferBytes = 2 * 1024 * 1024;

/** Class selector 3, which Asterisk and the switches of small offices give to call signalling (RFC 4594 §3.3). */
const signallingDscp = 24;

const family = { ipv4: 2, ipv6: 10 } as const; // AF_INET, AF_INET6
const datagramSocket = 2; // SOCK_DGRAM

const { i32, ptr, u32 } = FFIType;
const library = dlopen("libc.so.6", {
  setsockopt: { args: [i32, i32, i32, ptr, u32], returns: i32 },
  socket: { args: [i32, i32, i32], returns: i32 },
  connect: { args: [i32, ptr, u32], returns: i32 },
  getsockname: { args: [i32, ptr, ptr], returns: i32 },
  close: { args: [i32], returns: i32 },
});
const c = library.symbols;

/**
 * Marks what the socket sends as signalling, gives it room for a flood, and switches IP_RECVERR off, which Bun sets: with it one ICMP
 * port-unreachable from one peer makes sends to all others fail.
 * @returns False where the error queue could not be switched off.
 */
export function tuneSignallingSocket(fd: number, address: string): boolean {
  const off = new Int32Array([0]);
  const dscp = new Int32Array([signallingDscp << 2]);
  c.setsockopt(fd, socketLevel.level, socketLevel.receiveBuffer, new Int32Array([receiveBufferBytes]), 4); // a wish
  const families = address.includes(":") ? [ipv6, ipv4] : [ipv4];
  // A dual-stack socket has both options; of an IPv6-only one the IPv4 option may fail.
  const results = families.map(({ level, recvErr, trafficClass }) => {
    c.setsockopt(fd, level, trafficClass, dscp, 4);
    return c.setsockopt(fd, level, recvErr, off, 4) === 0;
  });
  return results[0] === true;
}

/**
 * The address that the routing table would have us use towards a peer: connecting a UDP socket sends nothing, and its
 * name tells.
 * @param octets 4 or 16, the peer's.
 */
export function sourceAddressTowards(octets: Uint8Array): Uint8Array | undefined {
  const v4 = octets.length === 4;
  const fd = c.socket(v4 ? family.ipv4 : family.ipv6, datagramSocket, 0);
  if (fd < 0) return undefined;
  try {
    // struct sockaddr_in: family, port, address at 4; sockaddr_in6: family, port, flow, address at 8, scope.
    const at = v4 ? 4 : 8;
    const name = new Uint8Array(v4 ? 16 : 28);
    new DataView(name.buffer).setUint16(0, v4 ? family.ipv4 : family.ipv6, true);
    new DataView(name.buffer).setUint16(2, 9, false); // any port will do; 9 is "discard"
    name.set(octets, at);
    if (c.connect(fd, name, name.length) !== 0) return undefined;
    const length = new Uint32Array([name.length]);
    if (c.getsockname(fd, name, length) !== 0) return undefined;
    return name.slice(at, at + octets.length);
  } finally {
    c.close(fd);
  }
}
