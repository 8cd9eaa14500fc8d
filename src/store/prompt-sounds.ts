/**
 * Rendered prompts that outlive the process: `<data>/prompts/<name>.ghp`, a file each, mono 16-bit PCM at the rate of the
 * widest calls (every codec is made of it). A file is version 1 (one byte) · its data key, wrapped by the appliance's key
 * · nonce, ciphertext and tag of AES-256-GCM. Its name is a keyed hash of what it says: the folder tells nothing.
 *
 * All of it can be made again, so nothing here fails a call or a start: what cannot be read is rendered, what cannot be
 * written is rendered at the next start as well, and both are counted.
 */
import {
  closeSync,
  constants,
  fstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import type { Keys } from "../security/keys.ts";
import { openBox, sealBox } from "../security/sealed-box.ts";

export type PromptSounds = {
  /** @param id What exactly was rendered: voice, settings, rate, words. @returns undefined if it is not there, or not whole. */
  get(id: string): Int16Array | undefined;
  put(id: string, samples: Int16Array): void;
  /** Removes all others: of another voice, of words that are said no more. */
  keepOnly(ids: Iterable<string>): void;
  /** `damaged`: did not open under its key, or not as the prompt that it should be. `unwritten`: no room, or the disk failed. */
  status(): { damaged: number; unwritten: number };
};

type Wrapper = Pick<Keys, "newKey" | "unwrap" | "lookupHash">;

const promptsFolder = "prompts";
const version = 1;
/** Nonce, 32 bytes of key and tag, as `Keys` wraps them. */
const wrappedBytes = 60;
/** Twice what is kept in memory at the same time. */
const defaultLimitBytes = 64 * 1024 * 1024;

/** @param limitBytes Of the folder: what would go beyond is not written. */
export function openPromptSounds(
  keys: Wrapper,
  dataDir: string,
  { limitBytes = defaultLimitBytes }: { limitBytes?: number } = {},
): PromptSounds {
  const folder = join(dataDir, promptsFolder);
  const sizes = sizesIn(folder);
  const counts = { damaged: 0, unwritten: 0 };
  const nameOf = (id: string) => `${keys.lookupHash("prompt", id)}.ghp`;
  const remove = (name: string) => {
    if (isRemoved(join(folder, name))) sizes.delete(name);
  };

  return {
    get(id) {
      const name = nameOf(id);
      if (!sizes.has(name)) return undefined;
      const samples = opened(keys, name, join(folder, name), limitBytes);
      if (samples !== undefined) return samples;
      counts.damaged++;
      remove(name);
      return undefined;
    },
    put(id, samples) {
      const name = nameOf(id);
      const bytes = sealed(keys, name, samples);
      const others = [...sizes].reduce((sum, [other, size]) => (other === name ? sum : sum + size), 0);
      if (others + bytes.length <= limitBytes && isWritten(folder, name, bytes)) sizes.set(name, bytes.length);
      else counts.unwritten++;
    },
    keepOnly(ids) {
      const wanted = new Set([...ids].map(nameOf));
      for (const name of [...sizes.keys()]) if (!wanted.has(name)) remove(name);
    },
    status: () => ({ ...counts }),
  };
}

const contextOf = (name: string) => `gatehouse prompt v1|${name}`;

function sealed(keys: Wrapper, name: string, samples: Int16Array): Buffer {
  const { key, wrapped } = keys.newKey(contextOf(name));
  try {
    const clear = Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength);
    return Buffer.concat([Uint8Array.of(version), wrapped, sealBox(key, contextOf(name), clear)]);
  } finally {
    key.fill(0);
  }
}

function opened(keys: Wrapper, name: string, path: string, mostBytes: number): Int16Array | undefined {
  try {
    const bytes = bytesOf(path, mostBytes);
    if (bytes?.[0] !== version) return undefined;
    const key = keys.unwrap(contextOf(name), bytes.subarray(1, 1 + wrappedBytes));
    const clear = openBox(key, contextOf(name), bytes.subarray(1 + wrappedBytes));
    key.fill(0);
    if (clear === undefined || clear.length % 2 !== 0) return undefined;
    return new Int16Array(Uint8Array.from(clear).buffer);
  } catch {
    return undefined; // unreadable, or under a key that this appliance does not have: as good as damaged
  }
}

/** Of a file, and of no pipe or device in its place, for which the start would wait or memory would not suffice. */
function bytesOf(path: string, most: number): Buffer | undefined {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
  const file = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
  try {
    const status = fstatSync(file);
    return status.isFile() && status.size <= most ? readFileSync(file) : undefined;
  } finally {
    closeSync(file);
  }
}

/** Not forced to the disk: half a file after a loss of power does not open, and is rendered again. */
function isWritten(folder: string, name: string, bytes: Buffer): boolean {
  const { O_WRONLY, O_CREAT, O_TRUNC, O_NOFOLLOW } = constants;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const file = openSync(join(folder, name), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0o600);
    try {
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
    } finally {
      closeSync(file);
    }
    return true;
  } catch {
    isRemoved(join(folder, name)); // what there is of it takes room
    return false;
  }
}

function isRemoved(path: string): boolean {
  try {
    rmSync(path, { force: true });
    return true;
  } catch {
    return false; // it stays, and does not open
  }
}

/** Whatever else lies in the folder is not ours to judge, and goes with `keepOnly`. */
function sizesIn(folder: string): Map<string, number> {
  try {
    const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
    return new Map(files.map(({ name }) => [name, Bun.file(join(folder, name)).size]));
  } catch {
    return new Map(); // the first start
  }
}
