/** Reads a recording, also while it is being written or after a crash cut it off. Decrypts only what is asked for. */
import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";
import { AppError } from "../app-error.ts";
import { decode } from "../media/g711.ts";
import {
  type ChunkPlace,
  createOpener,
  headerBytes,
  lengthBytes,
  type Opener,
  parseHeader,
  parseLength,
} from "../security/stream-cipher.ts";
import { decodeAudio, decodeEnd, samplesIn } from "./recording-format.ts";

export const recordingRateHz = 8000 as const;

export interface RecordingReader {
  /** True if the recording is whole: its last chunk is there and says how many came before it. */
  readonly sealed: boolean;
  /** Of each direction, at 8000 Hz. */
  readonly samples: number;
  /** Samples `from` up to, not including, `until`, of both directions. @throws AppError("storage_failed") if changed. */
  read(from: number, until: number): { caller: Int16Array; agent: Int16Array };
  close(): void;
}

type AudioPlace = ChunkPlace & { firstSample: number; samples: number };
type Index = { places: AudioPlace[]; samples: number; sealed: boolean };

const changed = (path: string, why: string) =>
  new AppError("storage_failed", `The recording ${path} is not as it was written: ${why}.`);

/**
 * @param dataKey 32 bytes; not kept.
 * @param finishedChunks How many chunks the database knows it has; undefined while it is open or was cut off.
 * @throws AppError("not_found") if there is no file, "storage_failed" if it was changed, reordered or shortened.
 */
export function openRecording(path: string, dataKey: Uint8Array, finishedChunks: number | undefined): RecordingReader {
  const fd = openFile(path);
  let opener: Opener | undefined;
  try {
    if (!fstatSync(fd).isFile()) throw changed(path, "it is no file");
    const header = parseHeader(readAt(fd, 0, headerBytes));
    if (header === undefined) {
      if (finishedChunks !== undefined || fstatSync(fd).size > headerBytes) throw changed(path, "its header is gone");
      closeSync(fd);
      return emptyReader();
    }
    opener = createOpener(dataKey, header);
    const index = indexOf(fd, opener, path);
    if (finishedChunks !== undefined && (!index.sealed || index.places.length !== finishedChunks)) {
      throw changed(path, "its end is missing");
    }
    return readerOf(fd, opener, index, path);
  } catch (error) {
    opener?.close();
    closeSync(fd);
    throw error;
  }
}

function openFile(path: string): number {
  try {
    return openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK); // never waits: calls are running
  } catch (error) {
    throw new AppError("not_found", `There is no recording ${path}.`, { cause: error });
  }
}

function readAt(fd: number, at: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  return bytes.subarray(0, readSync(fd, bytes, 0, length, at));
}

/** Where each chunk lies, by the length fields; the last one proves or disproves them. */
function indexOf(fd: number, opener: Opener, path: string): Index {
  const { size } = fstatSync(fd);
  const places: AudioPlace[] = [];
  let samples = 0;
  for (let at = headerBytes; at + lengthBytes <= size; ) {
    const length = parseLength(readAt(fd, at, lengthBytes));
    const next = at + lengthBytes + (length?.bytes ?? 0);
    if (length === undefined || next > size) break; // cut off in the middle of a chunk
    const place = { index: places.length, at, ...length };
    if (place.last) return sealedIndex(fd, opener, path, place, { places, samples, sealed: next === size });
    places.push({ ...place, firstSample: samples, samples: samplesIn(length.bytes) });
    samples += samplesIn(length.bytes);
    at = next;
  }
  const newest = places.at(-1);
  // A power cut may leave the length of the newest chunk without its content.
  if (newest !== undefined && openChunk(fd, opener, newest) === undefined) {
    places.pop();
    samples -= newest.samples;
  }
  return { places, samples, sealed: false };
}

function sealedIndex(fd: number, opener: Opener, path: string, last: ChunkPlace, index: Index): Index {
  const clear = openChunk(fd, opener, last);
  const end = clear && decodeEnd(clear);
  if (end === undefined) throw changed(path, "its last chunk does not fit the ones before it");
  if (!index.sealed) throw changed(path, "something follows its last chunk");
  if (end.chunks !== index.places.length || end.samples !== index.samples) throw changed(path, "chunks are missing");
  return index;
}

function openChunk(fd: number, opener: Opener, place: ChunkPlace): Buffer | undefined {
  return opener.open(place.index, place.last, readAt(fd, place.at + lengthBytes, place.bytes));
}

/** A file in which not even the header is whole: the process died in its first second. */
function emptyReader(): RecordingReader {
  const nothing = { caller: new Int16Array(0), agent: new Int16Array(0) };
  return { sealed: false, samples: 0, read: () => nothing, close: () => undefined };
}

function readerOf(fd: number, opener: Opener, { places, samples, sealed }: Index, path: string): RecordingReader {
  let isOpen = true;
  const clamp = (sample: number) => Math.max(0, Math.min(sample, samples));
  return {
    sealed,
    samples,
    read(from, until) {
      const first = clamp(from);
      const end = Math.max(first, clamp(until));
      const out = { caller: new Int16Array(end - first), agent: new Int16Array(end - first) };
      for (const place of places) {
        if (place.firstSample >= end || place.firstSample + place.samples <= first) continue;
        const clear = openChunk(fd, opener, place);
        const audio = clear && decodeAudio(clear);
        if (audio === undefined) throw changed(path, `chunk ${place.index} was changed`);
        const skip = Math.max(0, first - place.firstSample);
        const take = Math.min(place.samples, end - place.firstSample);
        const at = place.firstSample + skip - first;
        decode(audio.codec, audio.caller.subarray(skip, take), out.caller.subarray(at));
        decode(audio.codec, audio.agent.subarray(skip, take), out.agent.subarray(at));
        clear?.fill(0);
      }
      return out;
    },
    close() {
      if (!isOpen) return;
      isOpen = false;
      opener.close();
      closeSync(fd);
    },
  };
}
