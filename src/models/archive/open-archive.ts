import { createReadStream } from "node:fs";
import { open } from "node:fs/promises";
import { createGunzip } from "node:zlib";
import { AppError } from "../../app-error.ts";
import { unpackBzip2 } from "./bzip2.ts";
import { readTar, type TarFile } from "./tar.ts";

/** What an archive is wrapped in, by how it begins: names lie. */
async function wrappingOf(path: string): Promise<"gzip" | "bzip2" | "none"> {
  const file = await open(path, "r");
  try {
    const { buffer } = await file.read(Buffer.alloc(3), 0, 3, 0);
    if (buffer[0] === 0x1f && buffer[1] === 0x8b) return "gzip";
    return buffer.toString("latin1") === "BZh" ? "bzip2" : "none";
  } finally {
    await file.close();
  }
}

/**
 * The files of a .tar, .tar.gz or .tar.bz2, one after the other.
 *
 * @param progress Of the archive's own bytes.
 * @throws AppError("invalid_input") where it is none, or not whole.
 */
export async function* openArchive(path: string, progress: (bytes: number) => void): AsyncGenerator<TarFile> {
  const wrapping = await wrappingOf(path);
  const stored = counted(createReadStream(path, { highWaterMark: 1 << 18 }), progress);
  if (wrapping === "gzip") yield* readTar(gunzipped(stored));
  else yield* readTar(wrapping === "bzip2" ? unpackBzip2(stored) : stored);
}

async function* counted(chunks: AsyncIterable<Uint8Array>, progress: (bytes: number) => void) {
  for await (const chunk of chunks) {
    progress(chunk.length);
    yield chunk;
  }
}

async function* gunzipped(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const gunzip = createGunzip();
  const fed = (async () => {
    for await (const chunk of chunks) {
      if (!gunzip.write(chunk)) await new Promise((resolve) => gunzip.once("drain", resolve));
    }
    gunzip.end();
  })();
  fed.catch((error: unknown) => gunzip.destroy(error instanceof Error ? error : new Error(String(error))));
  try {
    yield* gunzip as AsyncIterable<Uint8Array>;
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError("invalid_input", "The archive is not taken: it was damaged on the way. Fetch it again.", {
      cause,
    });
  } finally {
    gunzip.destroy();
  }
}
