/** A talker at the other end of a bad line: his packets with the times at which they come, if they come. */
import { encode } from "../../src/media/g711.ts";
import { writeRtp } from "../../src/media/rtp.ts";
import { createImpairment, type Impairment } from "../relay/impairment.ts";
import type { Arrival } from "./one-call.ts";

export type Talk = {
  /** A-law frames of 20 ms, one after the other. */
  frames: readonly Uint8Array[];
  line?: Impairment;
  seed?: number;
  fromMs?: number;
  /** His clock against ours: 1.0002 is 200 ppm slow. */
  clock?: number;
  ssrc?: number;
  sequence?: number;
  timestamp?: number;
};

const frameMs = 20;
const frameSamples = 160;

/** @returns his packets in the order in which they come. */
export function talkOver({ frames, line = {}, seed = 1, fromMs = 1_003, clock = 1, ...numbers }: Talk): Arrival[] {
  const { ssrc = 7, sequence = 0, timestamp = 0 } = numbers;
  const impairment = createImpairment(line, seed);
  const arrivals = frames.flatMap((payload, i) => {
    const packet = {
      marker: i === 0,
      payloadType: 8,
      sequence: (sequence + i) & 0xffff,
      timestamp: (timestamp + frameSamples * i) >>> 0,
      ssrc,
      payload,
    };
    const datagram = writeRtp(packet, new Uint8Array(12 + payload.length));
    return impairment.next().delaysMs.map((delayMs) => ({ atMs: fromMs + frameMs * i * clock + delayMs, datagram }));
  });
  return arrivals.sort((a, b) => a.atMs - b.atMs);
}

/** Sound in frames of A-law, again and again until there are so many. */
export function framesOf(samples: Int16Array, count: number): Uint8Array[] {
  const whole = Math.floor(samples.length / frameSamples);
  return Array.from({ length: count }, (_, i) => {
    const from = (i % whole) * frameSamples;
    return encode("PCMA", samples.subarray(from, from + frameSamples));
  });
}
