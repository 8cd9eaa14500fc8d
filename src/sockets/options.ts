/** Socket options that Bun has no call for, by the C library on the socket's own descriptor (Linux). */
import { dlopen, FFIType } from "bun:ffi";

const ipv4 = { level: 0, receiveErrors: 11, trafficClass: 1 } as const; // IPPROTO_IP, IP_RECVERR, IP_TOS
const ipv6 = { level: 41, receiveErrors: 25, trafficClass: 67 } as const; // IPPROTO_IPV6, IPV6_RECVERR, IPV6_TCLASS
const socketLevel = { level: 1, receiveBuffer: 8 } as const; // SOL_SOCKET, SO_RCVBUF

/**
 * Marks for the network (RFC 2474). Signalling: class selector 3, which Asterisk and the switches of small offices give
 * to it (RFC 4594 §3.3). Voice: expedited forwarding (RFC 3246).
 */
export const dscp = { signalling: 24, voice: 46 } as const;

const family = { ipv4: 2, ipv6: 10 } as const; // AF_INET, AF_INET6
const datagramSocket = 2; // SOCK_DGRAM

const { i32, ptr, u32 } = FFIType;
const { symbols: c } = dlopen("libc.so.6", {
  setsockopt: { args: [i32, i32, i32, ptr, u32], returns: i32 },
  socket: { args: [i32, i32, i32], returns: i32 },
  connect: { args: [i32, ptr, u32], returns: i32 },
  getsockname: { args: [i32, ptr, ptr], returns: i32 },
  close: { args: [i32], returns: i32 },
});

function set(fd: number, level: number, option: number, value: number): boolean {
  return c.setsockopt(fd, level, option, Int32Array.of(value), 4) === 0;
}

/** An IPv6 socket may be a dual-stack one, and has the options of IPv4 too; one that is not may refuse them. */
const familiesOf = (isIpv6: boolean) => (isIpv6 ? [ipv6, ipv4] : [ipv4]);

/**
 * Bun asks for IP_RECVERR on every UDP socket: one ICMP error from one peer then makes sends to all the others fail. So
 * that goes; a mark for the network and room for bursts come.
 *
 * @returns Which of the settings the system refused; all but the first are wishes.
 */
export function prepareDatagramSocket(
  fd: number,
  options: { isIpv6: boolean; mark: number; receiveBufferBytes: number },
): { receiveErrorsOff: boolean; refused: string[] } {
  const families = familiesOf(options.isIpv6);
  const [receiveErrorsOff = false] = families.map((one) => set(fd, one.level, one.receiveErrors, 0));
  const marked = markSocket(fd, options.isIpv6, options.mark);
  const buffered = set(fd, socketLevel.level, socketLevel.receiveBuffer, options.receiveBufferBytes);
  return { receiveErrorsOff, refused: [...(marked ? [] : ["dscp"]), ...(buffered ? [] : ["receive-buffer"])] };
}

/** @param mark A DSCP: the upper six bits of the traffic class. @returns False where the system refused it. */
export function markSocket(fd: number, isIpv6: boolean, mark: number): boolean {
  const [marked = false] = familiesOf(isIpv6).map((one) => set(fd, one.level, one.trafficClass, mark << 2));
  return marked;
}

/** The descriptor of a socket of Bun's, which its types keep to themselves; undefined where it has none any more. */
export function descriptorOf(socket: object): number | undefined {
  const { fd, _handle: handle } = socket as { fd?: unknown; _handle?: { fd?: unknown } | null };
  const found = typeof fd === "number" ? fd : handle?.fd;
  return typeof found === "number" && found >= 0 ? found : undefined;
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
