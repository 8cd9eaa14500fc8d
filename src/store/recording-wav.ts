/** A recording as a WAV file that is never written: stereo, 16 bit, 8000 Hz, caller left, agent right; any range of it. */
import { type RecordingReader, recordingRateHz } from "./recording-reader.ts";

const headBytes = 44;
const frameBytes = 4;

export interface WavSource {
  /** Size of the whole file. */
  readonly bytes: number;
  /** Bytes `from` up to, not including, `until` of it. */
  read(from: number, until: number): Uint8Array;
  /** That range in pieces of about `pieceBytes`, each made when it is pulled; closes nothing. */
  pieces(from: number, until: number, pieceBytes?: number): Generator<Uint8Array>;
}

type Samples = Pick<RecordingReader, "samples" | "read">;

export function wavOf(reader: Samples): WavSource {
  const bytes = headBytes + reader.samples * frameBytes;
  const head = wavHead(reader.samples);
  const read = (from: number, until: number): Uint8Array => {
    const start = Math.max(0, Math.min(from, bytes));
    const end = Math.max(start, Math.min(until, bytes));
    const inHead = head.subarray(start, Math.min(end, headBytes));
    if (end <= headBytes) return inHead;
    const firstFrame = Math.floor(Math.max(0, start - headBytes) / frameBytes);
    const frames = framesOf(reader, firstFrame, Math.ceil((end - headBytes) / frameBytes));
    const offset = Math.max(start, headBytes) - headBytes - firstFrame * frameBytes;
    const audio = frames.subarray(offset, offset + end - Math.max(start, headBytes));
    return inHead.length === 0 ? audio : Buffer.concat([inHead, audio]);
  };
  return {
    bytes,
    read,
    *pieces(from, until, pieceBytes = 65_536) {
      const end = Math.min(until, bytes);
      for (let at = Math.max(0, from); at < end; at += pieceBytes) yield read(at, Math.min(end, at + pieceBytes));
    },
  };
}

function framesOf(reader: Samples, from: number, until: number): Uint8Array {
  const { caller, agent } = reader.read(from, until);
  const view = new DataView(new ArrayBuffer(caller.length * frameBytes));
  for (let i = 0; i < caller.length; i++) {
    view.setInt16(i * frameBytes, caller[i] ?? 0, true);
    view.setInt16(i * frameBytes + 2, agent[i] ?? 0, true);
  }
  return new Uint8Array(view.buffer);
}

/** RIFF/WAVE, format 1 (PCM): Microsoft and IBM, "Multimedia Programming Interface and Data Specifications 1.0". */
function wavHead(samples: number): Buffer {
  const head = Buffer.alloc(headBytes);
  head.write("RIFF", 0, "latin1");
  head.writeUInt32LE(headBytes - 8 + samples * frameBytes, 4);
  head.write("WAVEfmt ", 8, "latin1");
  head.writeUInt32LE(16, 16);
  head.writeUInt16LE(1, 20);
  head.writeUInt16LE(2, 22);
  head.writeUInt32LE(recordingRateHz, 24);
  head.writeUInt32LE(recordingRateHz * frameBytes, 28);
  head.writeUInt16LE(frameBytes, 32);
  head.writeUInt16LE(16, 34);
  head.write("data", 36, "latin1");
  head.writeUInt32LE(samples * frameBytes, 40);
  return head;
}
