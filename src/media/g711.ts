/** ITU-T G.711: one byte a sample at 8000 Hz. A-law is A-law with its even bits inverted, as it travels. */
import type { G711Name } from "./messages.ts";

/** The byte of digital silence: the smallest positive value of each law. */
export const silenceByte: Readonly<Record<G711Name, number>> = { PCMA: 0xd5, PCMU: 0xff };

const decodeTable: Readonly<Record<G711Name, Int16Array>> = {
  PCMA: Int16Array.from({ length: 256 }, (_, byte) => expandALaw(byte)),
  PCMU: Int16Array.from({ length: 256 }, (_, byte) => expandMuLaw(byte)),
};

/** By the sample as an unsigned 16 bit number. */
const encodeTable: Readonly<Record<G711Name, Uint8Array>> = {
  PCMA: Uint8Array.from({ length: 65_536 }, (_, bits) => compressALaw((bits << 16) >> 16)),
  PCMU: Uint8Array.from({ length: 65_536 }, (_, bits) => compressMuLaw((bits << 16) >> 16)),
};

const transcodeTable: Readonly<Record<G711Name, Uint8Array>> = {
  PCMA: Uint8Array.from({ length: 256 }, (_, byte) => encodeSample("PCMU", expandALaw(byte))),
  PCMU: Uint8Array.from({ length: 256 }, (_, byte) => encodeSample("PCMA", expandMuLaw(byte))),
};

/** Writes `bytes` as 16 bit samples into `into` (at least as long), from its start. */
export function decode(codec: G711Name, bytes: Uint8Array, into: Int16Array): void {
  const table = decodeTable[codec];
  for (let i = 0; i < bytes.length; i++) into[i] = table[bytes[i] ?? 0] ?? 0;
}

export function encode(codec: G711Name, samples: Int16Array): Uint8Array {
  const bytes = new Uint8Array(samples.length);
  const table = encodeTable[codec];
  for (let i = 0; i < samples.length; i++) bytes[i] = table[(samples[i] ?? 0) & 0xffff] ?? 0;
  return bytes;
}

export function decodeByte(codec: G711Name, byte: number): number {
  return decodeTable[codec][byte] ?? 0;
}

/** The bytes of `from` in the law `to`; the same array if there is nothing to change. */
export function transcode(from: G711Name, to: G711Name, bytes: Uint8Array): Uint8Array {
  if (from === to) return bytes;
  const table = transcodeTable[from];
  return bytes.map((byte) => table[byte] ?? 0);
}

function encodeSample(codec: G711Name, sample: number): number {
  return encodeTable[codec][sample & 0xffff] ?? 0;
}

/** G.711 table 1: eight segments of 16 steps; the first two are both linear with the smallest step. */
function expandALaw(byte: number): number {
  const bits = byte ^ 0x55;
  const segment = (bits >> 4) & 7;
  const step = bits & 15;
  const magnitude = segment === 0 ? (step << 4) + 8 : ((step << 4) + 0x108) << (segment - 1);
  return (bits & 0x80) !== 0 ? magnitude : -magnitude;
}

function compressALaw(sample: number): number {
  // Negative values in one's complement, as in the ITU's own software (G.191), so that −1 is the smallest negative.
  const magnitude = (sample < 0 ? ~sample : sample) >> 4;
  const segment = magnitude < 16 ? 0 : 28 - Math.clz32(magnitude);
  const step = (magnitude >> Math.max(0, segment - 1)) & 15;
  return ((segment << 4) | step) ^ (sample < 0 ? 0x55 : 0xd5);
}

/** G.711 table 2: eight segments, each with steps twice as large as the one before, biased by 33 of 8159. */
function expandMuLaw(byte: number): number {
  const bits = ~byte & 0xff;
  const magnitude = ((((bits & 15) << 3) + 0x84) << ((bits >> 4) & 7)) - 0x84;
  return (bits & 0x80) !== 0 ? -magnitude : magnitude;
}

function compressMuLaw(sample: number): number {
  const magnitude = Math.min(((sample < 0 ? ~sample : sample) >> 2) + 33, 0x1fff);
  const segment = 26 - Math.clz32(magnitude);
  const step = (magnitude >> (segment + 1)) & 15;
  return ~((sample < 0 ? 0x80 : 0) | (segment << 4) | step) & 0xff;
}
