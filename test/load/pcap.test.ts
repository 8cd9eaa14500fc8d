import { expect, test } from "bun:test";
import { readPcap } from "./pcap.ts";

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

const head = (magic: number, linkType = 1) => Buffer.concat([u32(magic), Buffer.alloc(16), u32(linkType)]);

function frame(protocol: number, payload: string): Buffer {
  const bytes = Buffer.alloc(14 + 20 + 8);
  bytes.writeUInt16BE(0x0800, 12);
  bytes[14] = 0x45;
  bytes[23] = protocol;
  bytes.writeUInt16BE(4000, 34);
  bytes.writeUInt16BE(5000, 36);
  bytes.writeUInt16BE(8 + payload.length, 38);
  return Buffer.concat([bytes, Buffer.from(payload), Buffer.alloc(3)]); // Ethernet may fill up
}

const record = (seconds: number, fraction: number, bytes: Buffer) =>
  Buffer.concat([u32(seconds), u32(fraction), u32(bytes.length), u32(bytes.length), bytes]);

test("datagrams with their times, in either resolution; other protocols and a torn last record are left out", () => {
  const records = [
    record(2, 5_000_000, frame(17, "sound")),
    record(3, 0, frame(6, "tcp")),
    record(4, 0, frame(17, "x")),
  ];
  const file = Buffer.concat([head(0xa1b23c4d), ...records]);
  const found = readPcap(file.subarray(0, file.length - 1));
  expect(found).toEqual([{ atMs: 2005, fromPort: 4000, toPort: 5000, payload: expect.anything() }]);
  expect(Buffer.from(found[0]?.payload ?? []).toString()).toBe("sound");
  expect(readPcap(Buffer.concat([head(0xa1b2c3d4), record(2, 5_000, frame(17, "sound"))]))[0]?.atMs).toBe(2005);
});

test("what is no capture of Ethernet is said to be none", () => {
  expect(() => readPcap(Buffer.alloc(100))).toThrow("pcap");
  expect(() => readPcap(head(0xa1b23c4d, 113))).toThrow("Ethernet");
});
