/**
 * Reads a tar archive (POSIX.1-2001 pax and ustar, and GNU tar's long names) as it streams by. Only files and folders: a
 * model needs no more, and a link or a device in an archive is somebody's attempt to reach beyond it.
 */
import { AppError } from "../../app-error.ts";

export type TarFile = {
  /** As it stands in the archive, without "." and doubled slashes. Never absolute, never upwards. */
  path: string;
  bytes: number;
  /** To be read to its end before the next file is asked for. */
  content: AsyncIterable<Uint8Array>;
};

const blockBytes = 512;
/** Of a long name or a set of pax records. */
const longestHeaderBytes = 64 * 1024;

/** @throws AppError("invalid_input") where it is no such archive, is cut short, or holds what it must not. */
export async function* readTar(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<TarFile> {
  const source = reader(chunks);
  let longName: string | undefined;
  let pax: { path?: string; size?: number } = {};
  for (;;) {
    const header = await source.take(blockBytes);
    if (header.every((byte) => byte === 0)) return; // two such blocks end it; what is behind them is padding
    checkSum(header);
    const type = String.fromCharCode(header[156] ?? 0);
    const bytes = pax.size ?? number(header, 124, 12);
    const padding = (blockBytes - (bytes % blockBytes)) % blockBytes;
    if (type === "L" || type === "x" || type === "g" || type === "K") {
      if (bytes > longestHeaderBytes) throw refused("a header is too long");
      const text = await source.take(bytes);
      await source.take(padding);
      if (type === "L") longName = field(text, 0, text.length);
      if (type === "x") pax = paxRecords(text);
      continue;
    }
    const path = safePath(pax.path ?? longName ?? nameOf(header));
    longName = undefined;
    pax = {};
    if (type === "5") {
      if (bytes !== 0) throw refused(`${path} is a folder with content`);
      continue;
    }
    if (type === "S") throw refused("it was packed with --sparse, which leaves parts of files out");
    if (type !== "0" && type !== "\0" && type !== "7")
      throw refused(`${path} is a link or a device, and a model has none`);
    const left = { bytes };
    yield { path, bytes, content: source.upTo(left) };
    while (left.bytes > 0) await source.skip(left);
    await source.take(padding);
  }
}

type Left = { bytes: number };

/** Exactly so many bytes at a time, out of chunks of whatever length. */
function reader(chunks: AsyncIterable<Uint8Array>) {
  const iterator = chunks[Symbol.asyncIterator]();
  let chunk: Uint8Array = new Uint8Array(0);
  const more = async (most: number): Promise<Uint8Array> => {
    while (chunk.length === 0) {
      const next = await iterator.next();
      if (next.done) throw refused("its end is missing");
      chunk = next.value;
    }
    const part = chunk.subarray(0, most);
    chunk = chunk.subarray(part.length);
    return part;
  };
  return {
    async take(bytes: number): Promise<Uint8Array> {
      const whole = new Uint8Array(bytes);
      for (let at = 0; at < bytes; ) {
        const part = await more(bytes - at);
        whole.set(part, at);
        at += part.length;
      }
      return whole;
    },
    async skip(left: Left): Promise<void> {
      left.bytes -= (await more(left.bytes)).length;
    },
    async *upTo(left: Left): AsyncGenerator<Uint8Array> {
      while (left.bytes > 0) {
        const part = await more(left.bytes);
        left.bytes -= part.length;
        yield part;
      }
    },
  };
}

/** The sum of the header's bytes, with its own field as spaces (POSIX.1-1988 §10.1.1). */
function checkSum(header: Uint8Array): void {
  const sum = header.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
  if (sum !== number(header, 148, 8)) throw refused("it is not a tar archive, or was damaged on the way");
}

/** Octal digits; GNU tar writes what is too long for them in binary, with the first bit set. */
function number(header: Uint8Array, at: number, length: number): number {
  if (((header[at] ?? 0) & 0x80) !== 0) {
    let value = (header[at] ?? 0) & 0x7f;
    for (let i = at + 1; i < at + length; i++) value = value * 256 + (header[i] ?? 0);
    if (!Number.isSafeInteger(value)) throw refused("a file in it has no possible size");
    return value;
  }
  const text = field(header, at, length).trim();
  if (!/^[0-7]*$/.test(text)) throw refused("a number in it is none");
  return text === "" ? 0 : Number.parseInt(text, 8);
}

function field(bytes: Uint8Array, at: number, length: number): string {
  const part = bytes.subarray(at, at + length);
  const end = part.indexOf(0);
  return new TextDecoder().decode(end < 0 ? part : part.subarray(0, end));
}

/** ustar cuts a long path in two: the end of it in `name`, what stands before in `prefix`. */
function nameOf(header: Uint8Array): string {
  const name = field(header, 0, 100);
  const isUstar = field(header, 257, 6) === "ustar" && header[263] === 0x30; // GNU's own has other things there
  const prefix = isUstar ? field(header, 345, 155) : "";
  return prefix === "" ? name : `${prefix}/${name}`;
}

/** "LENGTH KEY=VALUE\n", the length with itself (POSIX.1-2001 pax). */
function paxRecords(bytes: Uint8Array): { path?: string; size?: number } {
  const found: { path?: string; size?: number } = {};
  for (let at = 0; at < bytes.length; ) {
    const digits = /^(\d{1,6}) /.exec(new TextDecoder("latin1").decode(bytes.subarray(at, at + 8)))?.[1];
    const length = Number(digits);
    if (digits === undefined || length <= digits.length + 1 || at + length > bytes.length)
      throw refused("a header in it is malformed");
    const record = new TextDecoder().decode(bytes.subarray(at + digits.length + 1, at + length - 1));
    const equals = record.indexOf("=");
    const [key, value] = [record.slice(0, equals), record.slice(equals + 1)];
    // GNU tar's holes: what is in the archive is then a map and pieces, and not the file.
    if (key.startsWith("GNU.sparse.")) throw refused("it was packed with --sparse, which leaves parts of files out");
    if (key === "path") found.path = value;
    if (key === "size") {
      if (!/^\d{1,15}$/.test(value)) throw refused("a file in it has no possible size");
      found.size = Number(value);
    }
    at += length;
  }
  return found;
}

const longestPath = 1024;

function safePath(path: string): string {
  const shown = JSON.stringify(path.slice(0, 100));
  if (path.length > longestPath || /[\p{Cc}\\]/u.test(path)) throw refused(`${shown} is no path for a model's file`);
  const parts = path.split("/").filter((part) => part !== "" && part !== ".");
  if (path.startsWith("/") || parts.includes("..")) throw refused(`${shown} leads out of it`);
  return parts.join("/");
}

function refused(what: string): AppError {
  return new AppError("invalid_input", `The archive is not taken: ${what}. Fetch it again from where it came.`);
}
