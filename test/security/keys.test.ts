import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AppError } from "../../src/app-error.ts";
import { databaseFile, openKeys } from "../../src/security/keys.ts";

let root: string;
let dataDir: string;
let keyFile: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "gatehouse-keys-"));
  dataDir = join(root, "data");
  keyFile = join(root, "secret", "key");
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return error instanceof AppError ? error.code : `not an AppError: ${error}`;
  }
  return "nothing thrown";
}

describe("openKeys", () => {
  test("makes both on a fresh folder: key file of 32 bytes and keys.json, mode 0600, folders 0700", () => {
    openKeys(dataDir, keyFile).close();

    expect(statSync(keyFile).size).toBe(32);
    for (const file of [keyFile, join(dataDir, "keys.json")]) expect(statSync(file).mode & 0o777).toBe(0o600);
    for (const folder of [dataDir, join(root, "secret")]) expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(readdirSync(dataDir)).toEqual(["keys.json"]);
  });

  test.each([0o777, 0o770, 0o702])("a data folder of mode %o, which others can write to, is refused", (mode) => {
    mkdirSync(dataDir);
    chmodSync(dataDir, mode);
    expect(codeOf(() => openKeys(dataDir, keyFile))).toBe("invalid_config");
    expect(readdirSync(dataDir)).toEqual([]);
    chmodSync(dataDir, 0o755); // others may see that it is there; every file in it is 0600
    openKeys(dataDir, keyFile).close();
  });

  test.skipIf(process.getuid?.() !== 0)("a folder that another user made is not called damaged (needs root)", () => {
    openKeys(dataDir, keyFile).close();
    chmodSync(root, 0o755);
    chmodSync(dataDir, 0o755);
    const program = `import { openKeys } from ${JSON.stringify(join(import.meta.dir, "../../src/security/keys.ts"))};
      try { openKeys(${JSON.stringify(dataDir)}, ${JSON.stringify(keyFile)}); } catch (error) { console.log(error.code); }`;
    const codeAsNobody = () =>
      Bun.spawnSync([process.execPath, "-e", program], { uid: 65_534, gid: 65_534 } as object)
        .stdout.toString()
        .trim();
    expect(codeAsNobody()).toBe("key_missing");
    chmodSync(join(root, "secret"), 0o755);
    expect(codeAsNobody()).toBe("data_unwritable");
  });

  test("a pipe in the place of the key file is refused, not waited for", () => {
    mkdirSync(join(root, "secret"), { mode: 0o700 });
    Bun.spawnSync(["mkfifo", "-m", "600", keyFile]);
    expect(codeOf(() => openKeys(dataDir, keyFile))).toBe("invalid_config");
  });

  test("gives the same keys again, and every folder its own", () => {
    const first = openKeys(dataDir, keyFile);
    const again = openKeys(dataDir, keyFile);
    const other = openKeys(join(root, "other"), keyFile);

    expect(again.databaseKey()).toEqual(first.databaseKey());
    expect(other.databaseKey()).not.toEqual(first.databaseKey());
    expect(first.databaseKey()).toHaveLength(32);
    expect(readFileSync(keyFile).equals(first.databaseKey())).toBe(false);
    expect(readFileSync(join(dataDir, "keys.json")).includes(first.databaseKey().toString("base64"))).toBe(false);
  });

  test("a database without its key file: key_missing, and no new key is made", () => {
    openKeys(dataDir, keyFile).close();
    rmSync(keyFile);

    expect(codeOf(() => openKeys(dataDir, keyFile))).toBe("key_missing");
    expect(existsSync(keyFile)).toBe(false);
  });

  test("data without keys.json: key_missing, and nothing is made", () => {
    for (const kept of [databaseFile, "recordings"]) {
      const folder = join(root, kept, "data");
      mkdirSync(folder, { recursive: true });
      writeFileSync(join(folder, kept), "x");

      expect(codeOf(() => openKeys(folder, keyFile))).toBe("key_missing");
      expect(readdirSync(folder)).toEqual([kept]);
      expect(existsSync(keyFile)).toBe(false);
    }
  });

  test("another key file: wrong_key", () => {
    openKeys(dataDir, keyFile).close();
    const other = join(root, "other-key");
    writeFileSync(other, new Uint8Array(32).fill(7), { mode: 0o600 });
    expect(codeOf(() => openKeys(dataDir, other))).toBe("wrong_key");
  });

  test("a key file of another length: wrong_key", () => {
    for (const length of [0, 16, 31, 33, 64]) {
      const file = join(root, `key-${length}`);
      writeFileSync(file, new Uint8Array(length), { mode: 0o600 });
      expect([length, codeOf(() => openKeys(dataDir, file))]).toEqual([length, "wrong_key"]);
    }
  });

  test("a key file that others can read is refused", () => {
    openKeys(dataDir, keyFile).close();
    for (const mode of [0o640, 0o604, 0o610]) {
      chmodSync(keyFile, mode);
      expect(codeOf(() => openKeys(dataDir, keyFile))).toBe("invalid_config");
    }
    chmodSync(keyFile, 0o400);
    openKeys(dataDir, keyFile).close();
  });

  test("a key file inside the data folder is refused, whichever way leads there", () => {
    mkdirSync(dataDir);
    symlinkSync(dataDir, join(root, "elsewhere"));
    const ways = [
      join(dataDir, "key"),
      join(dataDir, "deeper", "key"),
      join(root, "elsewhere", "key"),
      `${dataDir}/../data/key`,
      dataDir,
    ];
    for (const way of ways) expect([way, codeOf(() => openKeys(dataDir, way))]).toEqual([way, "invalid_config"]);
    expect(readdirSync(dataDir)).toEqual([]);
    openKeys(dataDir, join(root, "data-key")).close(); // beside it, with a name that begins alike
  });

  test("a changed or exchanged wrapped key does not open", () => {
    openKeys(dataDir, keyFile).close();
    const path = join(dataDir, "keys.json");
    const file = JSON.parse(readFileSync(path, "utf8"));

    writeFileSync(path, JSON.stringify({ ...file, database: file.audit }));
    expect(codeOf(() => openKeys(dataDir, keyFile))).toBe("wrong_key");
    writeFileSync(path, JSON.stringify(file).slice(0, -20));
    expect(codeOf(() => openKeys(dataDir, keyFile))).toBe("wrong_key");
    writeFileSync(path, JSON.stringify({ ...file, version: 2 }));
    expect(codeOf(() => openKeys(dataDir, keyFile))).toBe("wrong_key");
  });

  test("a data key opens for its own context and its own folder only", () => {
    const keys = openKeys(dataDir, keyFile);
    const { key, wrapped } = keys.newKey("call:a");

    expect(keys.unwrap("call:a", wrapped)).toEqual(key);
    expect(codeOf(() => keys.unwrap("call:b", wrapped))).toBe("wrong_key");
    for (let at = 0; at < wrapped.length; at++) {
      const bent = Buffer.from(wrapped);
      bent.writeUInt8(bent.readUInt8(at) ^ 1, at);
      expect(codeOf(() => keys.unwrap("call:a", bent))).toBe("wrong_key");
    }
    const other = openKeys(join(root, "other"), join(root, "other-key"));
    expect(codeOf(() => other.unwrap("call:a", wrapped))).toBe("wrong_key");
  });

  test("hashes of caller data are stable here and different in another folder", () => {
    const keys = openKeys(dataDir, keyFile);
    const other = openKeys(join(root, "other"), keyFile);
    const hash = keys.lookupHash("phone", "+447700900123");

    expect(hash).toHaveLength(22);
    expect(openKeys(dataDir, keyFile).lookupHash("phone", "+447700900123")).toBe(hash);
    expect(keys.lookupHash("name", "+447700900123")).not.toBe(hash);
    expect(other.lookupHash("phone", "+447700900123")).not.toBe(hash);
  });

  test("closed keys are gone", () => {
    const keys = openKeys(dataDir, keyFile);
    keys.close();
    keys.close();
    expect(() => keys.databaseKey()).toThrow("closed");
    expect(() => keys.lookupHash("phone", "1")).toThrow("closed");
    expect(() => keys.newKey("call:a")).toThrow("closed");
  });

  test("that the database has been made is remembered", () => {
    const keys = openKeys(dataDir, keyFile);
    expect(keys.databaseMade).toBe(false);
    keys.markDatabaseMade();
    expect(keys.databaseMade).toBe(true);
    expect(openKeys(dataDir, keyFile).databaseMade).toBe(true);
  });
});
