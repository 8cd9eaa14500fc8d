/** Socket options that Bun has no call for, by libc on the socket's own descriptor (Linux). */
import { dlopen, FFIType, ptr } from "bun:ffi";

const level = { socket: 1, ip: 0, ipv6: 41 };
const name = { receiveBuffer: 8, ipTos: 1, ipReceiveErrors: 11, ipv6ReceiveErrors: 25, ipv6TrafficClass: 67 };
/** Expedited forwarding (RFC 3246), in the upper six bits. */
const expeditedForwarding = 46 << 2;
const receiveBufferBytes = 256 * 1024;

const libc = dlopen("libc.so.6", {
  setsockopt: {
    args: [FFIType.i32, FFIType.i32, FFIType.i32, FFIType.ptr, FFIType.u32],
    returns: FFIType.i32,
  },
});

/**
 * Makes a bound UDP socket fit for RTP. Bun asks for IP_RECVERR on every UDP socket: one ICMP error from one peer then
 * makes sends to all the others fail. So that goes; a mark for the network and room for bursts come.
 *
 * @returns Which of the settings the system refused; all but the first are wishes.
 */
export function prepareMediaSocket(fd: number, isIpv6: boolean): { receiveErrorsOff: boolean; refused: string[] } {
  const receiveErrorsOff = isIpv6
    ? set(fd, level.ipv6, name.ipv6ReceiveErrors, 0)
    : set(fd, level.ip, name.ipReceiveErrors, 0);
  const marked = isIpv6
    ? set(fd, level.ipv6, name.ipv6TrafficClass, expeditedForwarding)
    : set(fd, level.ip, name.ipTos, expeditedForwarding);
  const buffered = set(fd, level.socket, name.receiveBuffer, receiveBufferBytes);
  return { receiveErrorsOff, refused: [...(marked ? [] : ["dscp"]), ...(buffered ? [] : ["receive-buffer"])] };
}

function set(fd: number, optionLevel: number, option: number, value: number): boolean {
  const bytes = Int32Array.of(value);
  return libc.symbols.setsockopt(fd, optionLevel, option, ptr(bytes), bytes.byteLength) === 0;
}
