import { dlopen, FFIType } from "bun:ffi";
import { expect, test } from "bun:test";
import { connect, createServer, type Socket } from "node:net";
import { descriptorOf, dscp, markSocket, prepareDatagramSocket } from "../../src/sockets/options.ts";

const { i32, ptr } = FFIType;
const { symbols: c } = dlopen("libc.so.6", { getsockopt: { args: [i32, i32, i32, ptr, ptr], returns: i32 } });
function read(fd: number | undefined, level: number, option: number): number {
  const [value, length] = [new Int32Array(1), new Uint32Array([4])];
  if (c.getsockopt(fd ?? -1, level, option, value, length) !== 0) throw new Error("getsockopt");
  return value[0] ?? -1;
}
const [ip, tos, receiveErrors] = [0, 1, 11];
const [ipv6, trafficClass] = [41, 67];

test.each(["127.0.0.1", "::1"])("A TCP connection at %s is marked, from both ends", async (host) => {
  const accepted = Promise.withResolvers<Socket>();
  const server = createServer(accepted.resolve);
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const bound = server.address();
  const client = connect({ host, port: typeof bound === "object" && bound !== null ? bound.port : 0 });
  await new Promise((resolve) => client.once("connect", resolve));
  for (const socket of [client, await accepted.promise]) {
    const fd = descriptorOf(socket);
    expect(fd).toBeNumber();
    expect(markSocket(fd ?? -1, host.includes(":"), dscp.signalling)).toBe(true);
    expect(host.includes(":") ? read(fd, ipv6, trafficClass) : read(fd, ip, tos)).toBe(24 << 2);
    socket.destroy();
  }
  server.close();
});

test("A UDP socket is marked, has room, and does not report the errors of one peer to all; of none there is no descriptor", async () => {
  const socket = await Bun.udpSocket({ hostname: "127.0.0.1" });
  const fd = descriptorOf(socket);
  expect(read(fd, ip, receiveErrors)).toBe(1); // if Bun no longer asks for it, there is less to do
  const done = prepareDatagramSocket(fd ?? -1, { isIpv6: false, mark: dscp.voice, receiveBufferBytes: 100_000 });
  expect(done).toEqual({ receiveErrorsOff: true, refused: [] });
  expect([read(fd, ip, receiveErrors), read(fd, ip, tos), read(fd, 1, 8)]).toEqual([0, 46 << 2, 200_000]);
  socket.close();
  expect(prepareDatagramSocket(-1, { isIpv6: true, mark: 0, receiveBufferBytes: 1 })).toEqual({
    receiveErrorsOff: false,
    refused: ["dscp", "receive-buffer"],
  });
  expect(descriptorOf({})).toBeUndefined();
});
