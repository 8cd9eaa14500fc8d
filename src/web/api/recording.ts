/** A recording on its way to a browser: any part of a WAV file that exists nowhere, and its outline. */
import type { RecordingSource } from "./ports.ts";
import type { Peaks } from "./shapes.ts";

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

/**
 * 200, 206 or 416. The body is pulled, so that a listener who goes away costs nothing more; at its end it closes.
 * @param method HEAD is answered by the same route, and nobody would read, end or cancel the body.
 */
export function serveRecording(recording: RecordingSource, rangeHeader: string | undefined, method: string): Response {
  const { bytes } = recording.wav;
  const range = rangeOf(rangeHeader, bytes);
  const headers = new Headers({ "content-type": "audio/wav", "accept-ranges": "bytes" });
  if (range === "unsatisfiable") {
    recording.close();
    headers.set("content-range", `bytes */${bytes}`);
    return new Response(null, { status: 416, headers });
  }
  const { first, last } = range === "whole" ? { first: 0, last: bytes - 1 } : range;
  headers.set("content-length", String(last - first + 1));
  if (range !== "whole") headers.set("content-range", `bytes ${first}-${last}/${bytes}`);
  const status = range === "whole" ? 200 : 206;
  if (method === "HEAD") {
    recording.close();
    return new Response(null, { status, headers });
  }
  return new Response(bodyOf(recording, first, last + 1), { status, headers });
}

function bodyOf(recording: RecordingSource, from: number, until: number): ReadableStream<Uint8Array> {
  const pieces = recording.wav.pieces(from, until)[Symbol.iterator]();
  return new ReadableStream(
    {
      pull(controller) {
        try {
          const { done, value } = pieces.next();
          if (!done) {
            controller.enqueue(value);
            return;
          }
          controller.close();
        } catch (error) {
          controller.error(error); // it was changed on the disk: the player stops here
        }
        recording.close();
      },
      cancel: () => recording.close(),
    },
    { highWaterMark: 0 }, // nothing is decrypted before it is asked for
  );
}

const samplesPerMs = 8;
/** Four seconds. An hour takes a second altogether: calls must not wait for it in one piece. */
const pieceSamples = 32_000;

export async function peaksOf(recording: RecordingSource, buckets: number): Promise<Peaks> {
  const { samples } = recording;
  const caller = new Float64Array(buckets);
  const agent = new Float64Array(buckets);
  try {
    for (let at = 0; at < samples; at += pieceSamples) {
      const piece = recording.read(at, Math.min(samples, at + pieceSamples));
      gather(piece.caller, at / samples, samples, caller);
      gather(piece.agent, at / samples, samples, agent);
      await new Promise((resume) => setImmediate(resume));
    }
  } finally {
    recording.close();
  }
  const rounded = (peaks: Float64Array) => Array.from(peaks, (peak) => Math.round(peak * 100) / 100);
  return { durationMs: samples / samplesPerMs, caller: rounded(caller), agent: rounded(agent) };
}

/** @param begin Where the piece begins, as a share of the whole. */
function gather(piece: Int16Array, begin: number, samples: number, into: Float64Array): void {
  for (let i = 0; i < piece.length; i++) {
    const bucket = Math.min(into.length - 1, Math.floor((begin + i / samples) * into.length));
    const loudness = Math.abs(piece[i] ?? 0) / 32_768;
    if (loudness > (into[bucket] ?? 0)) into[bucket] = loudness;
  }
}
