import { afterEach, beforeEach, expect, test } from "bun:test";
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Keys, openKeys } from "../../src/security/keys.ts";
import { openPromptSounds } from "../../src/store/prompt-sounds.ts";

let root = "";
let keys: Keys;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "gatehouse-prompts-"));
  keys = openKeys(join(root, "data"), join(root, "key"));
});
afterEach(() => {
  keys.close();
  rmSync(root, { recursive: true });
});

const sound = (seed: number, length = 4000) =>
  Int16Array.from({ length }, (_, n) => Math.round(9000 * Math.sin(n * n * seed)));
const open = (options = {}) => openPromptSounds(keys, join(root, "data"), options);
const folder = () => join(root, "data/prompts");
const files = () => readdirSync(folder()).map((name) => join(folder(), name));

test("a prompt comes back sample by sample after a restart; one that was never put does not", () => {
  open().put("greeting", sound(0.001));
  open().put("nothing", new Int16Array(0));

  expect(open().get("greeting")).toEqual(sound(0.001));
  expect(open().get("nothing")).toEqual(new Int16Array(0));
  expect(open().get("goodbye")).toBeUndefined();
  expect(open().status()).toEqual({ damaged: 0, unwritten: 0 });
});

test("neither sound nor words are on the disk, and files are ours alone", () => {
  const samples = sound(0.003);
  open().put("rp: Good morning", samples);
  const [file = ""] = files();
  const bytes = readFileSync(file);

  expect(bytes.includes(Buffer.from(samples.buffer).subarray(0, 32))).toBe(false);
  expect(bytes.includes(Buffer.from(samples.buffer).subarray(4000, 4032))).toBe(false);
  expect(`${file} ${bytes.toString("latin1")}`).not.toContain("Good");
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(statSync(folder()).mode & 0o777).toBe(0o700);
  open().put("rp: Good morning", samples);
  expect(readFileSync(file).equals(bytes)).toBe(false); // the same sound under another key and nonce
});

test("any byte changed, cut off or added: it is not played, counted, removed, and can be put again", () => {
  for (const spoil of [
    (bytes: Buffer) => bytes.with(0, 2),
    (bytes: Buffer) => bytes.with(5, (bytes[5] ?? 0) ^ 1),
    (bytes: Buffer) => bytes.with(65, (bytes[65] ?? 0) ^ 0x80),
    (bytes: Buffer) => bytes.with(500, (bytes[500] ?? 0) ^ 1),
    (bytes: Buffer) => bytes.with(-1, (bytes.at(-1) ?? 0) ^ 1),
    (bytes: Buffer) => bytes.subarray(0, -1),
    (bytes: Buffer) => bytes.subarray(0, 30),
    () => new Uint8Array(0),
    (bytes: Buffer) => Buffer.concat([bytes, Uint8Array.of(0)]),
  ]) {
    open().put("greeting", sound(0.001));
    const [file = ""] = files();
    writeFileSync(file, spoil(readFileSync(file)));
    const reopened = open();

    expect(reopened.get("greeting")).toBeUndefined();
    expect(reopened.status()).toEqual({ damaged: 1, unwritten: 0 });
    expect(existsSync(file)).toBe(false);
    expect(reopened.get("greeting")).toBeUndefined();
    expect(reopened.status().damaged).toBe(1);
  }
});

test("one prompt's file in the place of another's is not played, nor one of another appliance", () => {
  const sounds = open();
  sounds.put("yes", sound(0.001));
  const [yes = ""] = files();
  sounds.put("no", sound(0.002));
  const no = files().find((name) => name !== yes) ?? "";
  writeFileSync(no, readFileSync(yes));
  expect(open().get("no")).toBeUndefined();

  const other = openKeys(join(root, "other"), join(root, "other-key"));
  openPromptSounds(other, join(root, "other")).put("yes", sound(0.001));
  const [strange = ""] = readdirSync(join(root, "other/prompts"));
  writeFileSync(yes, readFileSync(join(root, "other/prompts", strange)));
  expect(open().get("yes")).toBeUndefined();
  other.close();
});

test("only what is still said is kept, whatever else lies there goes", () => {
  const sounds = open();
  for (const id of ["a", "b", "c"]) sounds.put(id, sound(0.001));
  writeFileSync(join(folder(), "left-behind.tmp"), "x");
  open().keepOnly(["b"]);

  expect(files()).toHaveLength(1);
  expect(open().get("b")).toEqual(sound(0.001));
  expect(open().get("a")).toBeUndefined();
});

test("the folder is bounded; a prompt put again takes its own place", () => {
  const sounds = open({ limitBytes: 17_000 }); // two of 8,089 bytes
  for (const id of ["a", "b", "c", "b"]) sounds.put(id, sound(0.001));

  expect(files()).toHaveLength(2);
  expect(sounds.get("c")).toBeUndefined();
  expect(sounds.status()).toEqual({ damaged: 0, unwritten: 1 });
});

test("a folder that cannot be written costs nothing but the keeping; a link is not followed", () => {
  writeFileSync(join(root, "data/prompts"), "a file in its place");
  const sounds = open();
  sounds.put("a", sound(0.001));
  expect(sounds.get("a")).toBeUndefined();
  expect(sounds.status()).toEqual({ damaged: 0, unwritten: 1 });

  rmSync(join(root, "data/prompts"));
  open().put("a", sound(0.001));
  const [file = ""] = files();
  rmSync(file);
  writeFileSync(join(root, "elsewhere"), "precious");
  symlinkSync(join(root, "elsewhere"), file);
  open().put("a", sound(0.001));
  expect(readFileSync(join(root, "elsewhere"), "utf8")).toBe("precious");
});

test("a pipe, a link or a huge file in a prompt's place is not read", () => {
  for (const spoil of [
    (file: string) => Bun.spawnSync(["mkfifo", file]),
    (file: string) => symlinkSync("/dev/zero", file),
    (file: string) => {
      writeFileSync(file, "");
      truncateSync(file, 2 ** 40);
    },
  ]) {
    open().put("a", sound(0.001));
    const [file = ""] = files();
    const sounds = open();
    rmSync(file);
    spoil(file);
    expect([sounds.get("a"), sounds.status().damaged, existsSync(file)]).toEqual([undefined, 1, false]);
  }
});
