import { afterEach, beforeEach, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { tlsIdentity } from "../../src/security/tls-identity.ts";
import { makeFolders, openIn } from "../store/opened.ts";

const now = new Date("2026-11-24T10:05:00Z");
const later = (days: number) => new Date(now.getTime() + days * 86_400_000);
const names = ["localhost", "127.0.0.1"];
let folders: ReturnType<typeof makeFolders>;
let records: ReturnType<typeof openIn>;
beforeEach(() => {
  folders = makeFolders();
  records = openIn(folders);
});
afterEach(() => {
  records.close();
  folders.remove();
});
const identity = async (at = now, of = names) => await tlsIdentity(records.store.db, records.keys, of, at);

test("is made once and kept, over a restart", async () => {
  const first = await identity();
  records.close();
  records = openIn(folders);
  const second = await identity(later(700));
  expect([first.made, second.made]).toEqual([true, false]);
  expect(second.fingerprint).toBe(first.fingerprint);
  expect(second.privateKey).toBe(first.privateKey);
  expect(first.fingerprint).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
});

test("is renewed two months before its end, and when the machine has got another name", async () => {
  const first = await identity();
  expect((await identity(later(763))).made).toBe(false);
  expect((await identity(now, ["localhost"])).made).toBe(false);
  const renewed = await identity(later(764));
  expect([renewed.made, renewed.endsAt > first.endsAt]).toEqual([true, true]);
  expect((await identity(later(764), [...names, "new-name"])).made).toBe(true);
});

test("its private key is nowhere to be read, not even in the open database", async () => {
  const { privateKey } = await identity();
  const der = Buffer.from(privateKey.replace(/-----[^-]+-----|\s/g, ""), "base64");
  const row = records.store.db
    .prepare<[], { sealed_key: Buffer; wrapped_key: Buffer }>("SELECT * FROM tls_identity")
    .get();
  const secret = der.subarray(36, 68); // the scalar of PKCS #8's P-256 key
  expect(row?.sealed_key.includes(secret)).toBe(false);
  records.close();
  for (const name of readdirSync(folders.root, { recursive: true, withFileTypes: true })) {
    if (name.isFile()) expect(readFileSync(join(name.parentPath, name.name)).includes(secret)).toBe(false);
  }
});

test("every kind of name that a machine may have is found again, so that it is not made anew at each start", async () => {
  const kinds = ["localhost", "my_host", "Office-1", "office-1.lan", "127.0.0.1", "::1", "2001:db8::10", "fe80::1"];
  await identity(now, kinds);
  expect((await identity(now, kinds)).made).toBe(false);
  for (const other of ["office-2", "127.0.0.2", "2001:db8::11"]) {
    expect((await identity(now, [...kinds, other])).made).toBe(true);
    await identity(now, kinds.slice(0, 1));
  }
});

test("that of SIP is another one, lasts ten years, and stays when the machine gets another name: PBXes have pinned it", async () => {
  const sip = async (at: Date, of: readonly string[]) =>
    await tlsIdentity(records.store.db, records.keys, of, at, "sip");
  const first = await sip(now, names);
  expect(first.fingerprint).not.toBe((await identity()).fingerprint);
  expect((await sip(later(3_588), ["other-name"])).fingerprint).toBe(first.fingerprint);
  expect((await sip(later(3_589), names)).made).toBe(true);
});
