/**
 * What is inside the chunks of a recording. Audio: sequence (u32) · codec · 3 zero · caller's bytes · agent's bytes,
 * both equally long, G.711 as on the wire. The last chunk: chunks (u32) · 4 zero · samples (u64). Big endian.
 */
import type { Recording } from "../calls/ports.ts";
import type { G711Name } from "../media/messages.ts";
import { tagBytes } from "../security/sealed-box.ts";

export type RecordedAudio = Parameters<Recording["append"]>[0];
export type RecordingEnd = { chunks: number; samples: number };

const audioHeadBytes = 8;
const endBytes = 16;

export const codecNumber = (codec: G711Name): number => (codec === "PCMA" ? 0 : 1);

export function encodeAudio({ sequence, codec, caller, agent }: RecordedAudio): Buffer {
  const bytes = Buffer.alloc(audioHeadBytes + caller.length + agent.length);
  bytes.writeUInt32BE(sequence >>> 0);
  bytes.writeUInt8(codecNumber(codec), 4);
  bytes.set(caller, audioHeadBytes);
  bytes.set(agent, audioHeadBytes + caller.length);
  return bytes;
}

/** @returns undefined unless it is such a chunk. `caller` and `agent` are views. */
export function decodeAudio(bytes: Buffer): RecordedAudio | undefined {
  const half = (bytes.length - audioHeadBytes) / 2;
  if (half < 0 || !Number.isInteger(half) || bytes.readUInt8(4) > 1) return undefined;
  return {
    sequence: bytes.readUInt32BE(),
    codec: bytes.readUInt8(4) === 0 ? "PCMA" : "PCMU",
    caller: bytes.subarray(audioHeadBytes, audioHeadBytes + half),
    agent: bytes.subarray(audioHeadBytes + half),
  };
}

export function encodeEnd({ chunks, samples }: RecordingEnd): Buffer {
  const bytes = Buffer.alloc(endBytes);
  bytes.writeUInt32BE(chunks);
  bytes.writeBigUInt64BE(BigInt(samples), 8);
  return bytes;
}

/** @returns undefined unless it is such a chunk. */
export function decodeEnd(bytes: Buffer): RecordingEnd | undefined {
  if (bytes.length !== endBytes) return undefined;
  return { chunks: bytes.readUInt32BE(), samples: Number(bytes.readBigUInt64BE(8)) };
}

/** How many samples of each direction a chunk of that size in the file holds. */
export const samplesIn = (sealedBytes: number): number =>
  Math.max(0, Math.floor((sealedBytes - tagBytes - audioHeadBytes) / 2));
