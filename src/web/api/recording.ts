/** A recording as a WAV file that exists nowhere: decrypted and decoded as the browser pulls it. */
import { decodeByte, silenceByte } from "../../media/g711.ts";
import type { RecordedSpan, RecordingReader } from "./ports.ts";

const rateHz = 8_000;
/** 16 bit, caller left and agent right. */
const frameBytes = 4;
const headerBytes = 44;

/** RIFF/WAVE, PCM: the 44 bytes in front of the samples. */
export function wavHeader(samples: number): Uint8Array {
  const dataBytes = samples * frameBytes;
  const header = new DataView(new ArrayBuffer(headerBytes));
  const text = (at: number, value: string) => {
    for (let i = 0; i < value.length; i++) header.setUint8(at + i, value.charCodeAt(i));
  };
  text(0, "RIFF");
  header.setUint32(4, headerBytes - 8 + dataBytes, true);
  text(8, "WAVEfmt ");
  header.setUint32(16, 16, true);
  header.setUint16(20, 1, true); // PCM
  header.setUint16(22, 2, true); // channels
  header.setUint32(24, rateHz, true);
  header.setUint32(28, rateHz * frameBytes, true);
  header.setUint16(32, frameBytes, true);
  header.setUint16(34, 16, true); // bits
  text(36, "data");
  header.setUint32(40, dataBytes, true);
  return new Uint8Array(header.buffer);
}

export type ByteRange = { first: number; last: number };

/**
 * One range of bytes (RFC 9110 §14.1.2).
 * @returns `whole` for none, for several and for what is not understood (§14.2: such a header is ignored);
 *   "unsatisfiable" if it begins behind the end.
 */
export function rangeOf(header: string | undefined, bytes: number): ByteRange | "whole" | "unsatisfiable" {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.trim() ?? "");
  if (match === null || (match[1] === "" && match[2] === "")) return "whole";
  const [, from = "", to = ""] = match;
  if (from === "") {
    // The last so many bytes.
    const length = Math.min(Number(to), bytes);
    return length === 0 ? "unsatisfiable" : { first: bytes - length, last: bytes - 1 };
  }
  if (to !== "" && Number(to) < Number(from)) return "whole";
  if (Number(from) >= bytes) return "unsatisfiable";
  return { first: Number(from), last: to === "" ? bytes - 1 : Math.min(Number(to), bytes - 1) };
}

/** 200 or 206 or 416; the body is pulled, so that a listener who goes away costs nothing more. */
export function serveRecording(recording: RecordingReader, rangeHeader: string | undefined): Response {
  const bytes = headerBytes + recording.samples * frameBytes;
  const range = rangeOf(rangeHeader, bytes);
  const headers = new Headers({ "content-type": "audio/wav", "accept-ranges": "bytes" });
  if (range === "unsatisfiable") {
    headers.set("content-range", `bytes */${bytes}`);
    return new Response(null, { status: 416, headers });
  }
  const { first, last } = range === "whole" ? { first: 0, last: bytes - 1 } : range;
  headers.set("content-length", String(last - first + 1));
  if (range !== "whole") headers.set("content-range", `bytes ${first}-${last}/${bytes}`);
  return new Response(streamOf(wavBytes(recording, first, last)), { status: range === "whole" ? 200 : 206, headers });
}

/** The bytes from `first` to `last`, both included. */
function* wavBytes(recording: RecordingReader, first: number, last: number): Generator<Uint8Array> {
  if (first < headerBytes) yield wavHeader(recording.samples).subarray(first, last + 1);
  if (last < headerBytes) return;
  const from = Math.max(0, first - headerBytes);
  const until = last + 1 - headerBytes;
  const fromSample = Math.floor(from / frameBytes);
  let skip = from - fromSample * frameBytes;
  let left = until - from;
  for (const span of recording.read(fromSample, Math.ceil(until / frameBytes))) {
    const pcm = interleaved(span).subarray(skip);
    skip = 0;
    yield pcm.subarray(0, left);
    left -= pcm.length;
    if (left <= 0) return;
  }
}

function interleaved({ codec, caller, agent }: RecordedSpan): Uint8Array {
  const samples = Math.max(caller.length, agent.length);
  const silence = silenceByte[codec];
  const pcm = new DataView(new ArrayBuffer(samples * frameBytes));
  for (let i = 0; i < samples; i++) {
    pcm.setInt16(i * frameBytes, decodeByte(codec, caller[i] ?? silence), true);
    pcm.setInt16(i * frameBytes + 2, decodeByte(codec, agent[i] ?? silence), true);
  }
  return new Uint8Array(pcm.buffer);
}

function streamOf(chunks: Generator<Uint8Array>): ReadableStream<Uint8Array> {
  return new ReadableStream(
    {
      pull(controller) {
        const { done, value } = chunks.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel() {
        chunks.return(undefined);
      },
    },
    { highWaterMark: 1 },
  );
}

/** The loudest sample of each of `buckets` equal parts, 0…1, of both sides; for drawing. */
export type Peaks = { durationMs: number; caller: number[]; agent: number[] };

export async function peaksOf(recording: RecordingReader, buckets: number): Promise<Peaks> {
  const { samples } = recording;
  const caller = new Float64Array(buckets);
  const agent = new Float64Array(buckets);
  let at = 0;
  for (const span of recording.read(0, samples)) {
    gather(span.codec, span.caller, at, samples, caller);
    gather(span.codec, span.agent, at, samples, agent);
    at += Math.max(span.caller.length, span.agent.length);
    // An hour takes a second altogether: calls must not wait for it in one piece.
    await new Promise((resume) => setImmediate(resume));
  }
  const rounded = (peaks: Float64Array) => Array.from(peaks, (peak) => Math.round(peak * 100) / 100);
  return { durationMs: (samples / rateHz) * 1000, caller: rounded(caller), agent: rounded(agent) };
}

function gather(
  codec: RecordedSpan["codec"],
  bytes: Uint8Array,
  at: number,
  samples: number,
  into: Float64Array,
): void {
  for (let i = 0; i < bytes.length; i++) {
    const bucket = Math.min(into.length - 1, Math.floor(((at + i) / samples) * into.length));
    const loudness = Math.abs(decodeByte(codec, bytes[i] ?? 0)) / 32_768;
    if (loudness > (into[bucket] ?? 0)) into[bucket] = loudness;
  }
}
