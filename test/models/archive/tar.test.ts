import { expect, test } from "bun:test";
import { readTar } from "../../../src/models/archive/tar.ts";
import { collect, type Entry, inPieces, tarOf } from "./archives.ts";

async function read(archive: Uint8Array, size = 700): Promise<[string, string][]> {
  const found: [string, string][] = [];
  for await (const { path, content } of readTar(inPieces(archive, size)))
    found.push([path, (await collect(content)).toString()]);
  return found;
}

const files: Entry[] = [
  { path: "model/", type: "5" },
  { path: "./model//encoder.onnx", content: "e".repeat(1500) },
  { path: "model/empty.txt" },
  { path: "model/exact.bin", content: "x".repeat(512) },
];

test.each([1, 511, 512, 513, 100_000])("files come out whole, in pieces of %d bytes", async (size) => {
  expect(await read(tarOf(files), size)).toEqual([
    ["model/encoder.onnx", "e".repeat(1500)],
    ["model/empty.txt", ""],
    ["model/exact.bin", "x".repeat(512)],
  ]);
});

test("a file that nobody reads is passed over", async () => {
  const names: string[] = [];
  for await (const { path } of readTar(inPieces(tarOf(files), 100))) names.push(path);
  expect(names).toEqual(["model/encoder.onnx", "model/empty.txt", "model/exact.bin"]);
});

test("long names: GNU's and pax's", async () => {
  const long = `${"a".repeat(90)}/${"b".repeat(90)}/tokens.txt`;
  const record = ` path=${long}\n`;
  const length = record.length + 3; // three digits for the length itself
  const gnu = [
    { path: "././@LongLink", type: "L", content: `${long}\0` },
    { path: "cut", content: "gnu" },
  ];
  const pax = [
    { path: "pax", type: "x", content: `${length}${record}` },
    { path: "cut", content: "pax" },
  ];
  expect(await read(tarOf([...gnu, ...pax, { path: "short", content: "s" }]))).toEqual([
    [long, "gnu"],
    [long, "pax"],
    ["short", "s"],
  ]);
});

test.each([
  ["a path upwards", { path: "model/../../etc/passwd", content: "x" }, /leads out/],
  ["an absolute path", { path: "/etc/passwd", content: "x" }, /leads out/],
  ["a symbolic link", { path: "model/tokens.txt", type: "2", link: "/etc/shadow" }, /link or a device/],
  ["a hard link", { path: "model/tokens.txt", type: "1", link: "/etc/shadow" }, /link or a device/],
  ["a device", { path: "model/tokens.txt", type: "3" }, /link or a device/],
  ["a pipe", { path: "model/tokens.txt", type: "6" }, /link or a device/],
  ["a line break in a name", { path: "model/a\nb", content: "x" }, /no path/],
  ["a backslash in a name", { path: "model\\..\\x", content: "x" }, /no path/],
  ["a header that is too long", { path: "x", type: "L", content: "n".repeat(70_000) }, /too long/],
  ["a file with holes, as pax has it", { path: "x", type: "x", content: "22 GNU.sparse.major=1\n" }, /--sparse/],
  ["a file with holes, as GNU tar has it", { path: "model/tokens.txt", type: "S" }, /--sparse/],
  ["a malformed pax record", { path: "x", type: "x", content: "99 path=y\n" }, /malformed/],
] as const)("%s is refused", async (_what, entry, message) => {
  await expect(read(tarOf([entry]))).rejects.toThrow(expect.objectContaining({ code: "invalid_input" }));
  await expect(read(tarOf([entry]))).rejects.toThrow(message);
});

test("what is cut short or damaged is refused", async () => {
  const whole = tarOf(files);
  for (const length of [0, 100, 512, 1200, 2600]) {
    await expect(read(whole.subarray(0, length))).rejects.toThrow(/end is missing/);
  }
  const damaged = whole.slice();
  damaged[5] = 0x21;
  await expect(read(damaged)).rejects.toThrow(/damaged/);
  await expect(read(Buffer.alloc(2048, "no archive "))).rejects.toThrow(/not a tar archive|is none/);
});
