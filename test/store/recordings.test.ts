import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { randomBytes } from "node:crypto";
import {
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { AppError } from "../../src/app-error.ts";
import { decode, encode } from "../../src/media/g711.ts";
import { headerBytes } from "../../src/security/stream-cipher.ts";
import type { Records } from "../../src/store/open-store.ts";
import { wavOf } from "../../src/store/recording-wav.ts";
import { createRecordingWriter } from "../../src/store/recording-writer.ts";
import { type Folders, makeFolders, now, openIn } from "./opened.ts";

let folders: Folders;
let records: Records;
const callId = "5b8f3a52-7e6c-4f0e-9d8e-0f5f5a3c1d11";

beforeEach(() => {
  folders = makeFolders();
  records = openIn(folders);
  records.callLog.begin({ id: callId, line: "200", startedAt: now });
  records.callLog.disclosed(callId, { number: "+447700900123", display: undefined, withheld: false }, now);
});
afterEach(() => {
  records.close();
  folders.remove();
});

const fileOf = (id = callId) => join(folders.dataDir, "recordings", `${id}.ghr`);

/** A tone of its own for each direction and second. */
const tone = (seed: number, samples: number) =>
  Int16Array.from({ length: samples }, (_, index) => Math.round(8_000 * Math.sin((index * (seed + 1)) / 40)));

function record(seconds: number, { samples = 8_000, finish = true, codec = "PCMA" as "PCMA" | "PCMU" } = {}) {
  const recording = records.recordings.start(callId, now);
  for (let second = 0; second < seconds; second++) {
    const caller = encode(codec, tone(second, samples));
    const agent = encode(codec, tone(second + 100, samples));
    recording.append({ sequence: second, codec, caller, agent });
  }
  if (finish) recording.finish();
  return recording;
}

/** What comes back after G.711. */
function heard(seed: number, samples: number, codec: "PCMA" | "PCMU" = "PCMA"): Int16Array {
  const out = new Int16Array(samples);
  decode(codec, encode(codec, tone(seed, samples)), out);
  return out;
}

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return error instanceof AppError ? error.code : `not an AppError: ${error}`;
  }
  return "nothing thrown";
}

describe("recordings", () => {
  test("both directions come back, sealed, from a file of mode 0600", () => {
    record(3);
    const { rateHz, caller, agent, sealed } = records.recordings.readRecording(callId);

    expect([rateHz, caller.length, agent.length, sealed]).toEqual([8000, 24_000, 24_000, true]);
    expect(caller.subarray(8_000, 16_000)).toEqual(heard(1, 8_000));
    expect(agent.subarray(16_000)).toEqual(heard(102, 8_000));
    expect(statSync(fileOf()).mode & 0o777).toBe(0o600);
    expect(records.calls.byId(callId)?.recording).toBe("sealed");
  });

  test("each chunk keeps its own codec: a call may change it", () => {
    const recording = records.recordings.start(callId, now);
    for (const [sequence, codec] of (["PCMA", "PCMU"] as const).entries()) {
      const audio = encode(codec, tone(sequence, 800));
      recording.append({ sequence, codec, caller: audio, agent: audio });
    }
    recording.finish();
    const { caller } = records.recordings.readRecording(callId);
    expect(caller.subarray(0, 800)).toEqual(heard(0, 800));
    expect(caller.subarray(800)).toEqual(heard(1, 800, "PCMU"));
  });

  test("any range equals that range of the whole", () => {
    record(4, { samples: 1_000 });
    const whole = records.recordings.readRecording(callId);
    const reader = records.recordings.open(callId);
    for (const [from, until] of [
      [0, 1],
      [999, 1_001],
      [500, 3_500],
      [3_999, 9_999],
      [-5, 10],
      [2_000, 1_000],
      [4_000, 4_001],
    ] as const) {
      expect(reader.read(from, until).caller).toEqual(whole.caller.slice(Math.max(0, from), Math.max(from, until)));
      expect(reader.read(from, until).agent).toEqual(whole.agent.slice(Math.max(0, from), Math.max(from, until)));
    }
    reader.close();
  });

  test("as WAV: stereo, 16 bit, 8000 Hz, caller left; any range of bytes fits", () => {
    record(2, { samples: 1_000 });
    const reader = records.recordings.open(callId);
    const wav = wavOf(reader);
    const bytes = Buffer.from(wav.read(0, wav.bytes));
    const { caller, agent } = reader.read(0, 2_000);

    expect(bytes).toHaveLength(44 + 2_000 * 4);
    expect(bytes.toString("latin1", 0, 4) + bytes.toString("latin1", 8, 16)).toBe("RIFFWAVEfmt ");
    expect([bytes.readUInt16LE(22), bytes.readUInt32LE(24), bytes.readUInt16LE(34)]).toEqual([2, 8000, 16]);
    expect(bytes.readUInt32LE(40)).toBe(8_000);
    expect(bytes.readInt16LE(44 + 4 * 1_234)).toBe(caller[1_234] ?? 0);
    expect(bytes.readInt16LE(44 + 4 * 1_234 + 2)).toBe(agent[1_234] ?? 0);
    for (const [from, until] of [
      [0, 44],
      [40, 50],
      [45, 47],
      [44, 8_044],
      [4_041, 4_047],
      [8_043, 9_999],
    ] as const) {
      expect(Buffer.from(wav.read(from, until)).equals(bytes.subarray(from, until))).toBe(true);
      expect(Buffer.concat([...wav.pieces(from, until, 7)]).equals(bytes.subarray(from, until))).toBe(true);
    }
    reader.close();
  });

  test("can be heard while it grows; the row says that it is open", () => {
    const recording = record(2, { finish: false });
    const { caller, sealed } = records.recordings.readRecording(callId);
    expect([caller.length, sealed]).toEqual([16_000, false]);
    expect(records.calls.byId(callId)?.recording).toBe("open");
    recording.finish();
    recording.finish(); // idempotent
    expect(records.recordings.readRecording(callId).sealed).toBe(true);
  });

  test("one that was given up stays readable, unsealed", () => {
    const recording = record(2, { finish: false });
    recording.abandon();
    expect(records.recordings.readRecording(callId)).toMatchObject({ sealed: false });
    expect(() =>
      recording.append({ sequence: 2, codec: "PCMA", caller: new Uint8Array(1), agent: new Uint8Array(1) }),
    ).toThrow("closed");
  });

  test("an empty recording", () => {
    record(0);
    expect(records.recordings.readRecording(callId)).toMatchObject({ sealed: true, caller: new Int16Array(0) });
  });

  test("a crash at any byte: everything up to the last whole chunk comes back, unsealed", () => {
    record(3, { samples: 20, finish: false });
    const whole = readFileSync(fileOf());
    const chunkBytes = (whole.length - headerBytes) / 3;
    for (let size = 0; size <= whole.length; size++) {
      writeFileSync(fileOf(), whole.subarray(0, size));
      const { caller, sealed } = records.recordings.readRecording(callId);
      const chunks = Math.max(0, Math.floor((size - headerBytes) / chunkBytes));
      expect([size, caller.length, sealed]).toEqual([size, chunks * 20, false]);
    }
  });

  test("a power cut may leave zeros at the end: they are passed over", () => {
    record(3, { samples: 20, finish: false });
    const whole = readFileSync(fileOf());
    writeFileSync(fileOf(), Buffer.concat([whole, Buffer.alloc(300)]));
    expect(records.recordings.readRecording(callId).caller).toHaveLength(60);
    writeFileSync(fileOf(), Buffer.from(whole).fill(0, whole.length - 30));
    expect(records.recordings.readRecording(callId).caller).toHaveLength(40);
  });

  test("a finished recording that is shorter by any number of bytes is refused", () => {
    record(3, { samples: 20 });
    const whole = readFileSync(fileOf());
    for (let size = 0; size < whole.length; size++) {
      writeFileSync(fileOf(), whole);
      truncateSync(fileOf(), size);
      expect([size, codeOf(() => records.recordings.readRecording(callId))]).toEqual([size, "storage_failed"]);
    }
  });

  test("one changed bit in any byte is refused", () => {
    record(3, { samples: 20 });
    const whole = readFileSync(fileOf());
    for (let at = 0; at < whole.length; at++) {
      const bent = Buffer.from(whole);
      bent.writeUInt8(bent.readUInt8(at) ^ (1 << (at % 8)), at);
      writeFileSync(fileOf(), bent);
      expect([at, codeOf(() => records.recordings.readRecording(callId))]).toEqual([at, "storage_failed"]);
    }
  });

  test("chunks exchanged, left out, repeated or followed by something are refused", () => {
    record(3, { samples: 20 });
    const whole = readFileSync(fileOf());
    const length = 4 + 8 + 40 + 16;
    const head = whole.subarray(0, headerBytes);
    const [a, b, c] = [0, 1, 2].map((n) => whole.subarray(headerBytes + n * length, headerBytes + (n + 1) * length));
    const end = whole.subarray(headerBytes + 3 * length);
    if (a === undefined || b === undefined || c === undefined) throw new Error("three chunks");
    for (const parts of [[b, a, c, end], [a, c, end], [a, b, b, c, end], [a, b, c, end, end], [a, b, end, c], [end]]) {
      writeFileSync(fileOf(), Buffer.concat([head, ...parts]));
      expect(codeOf(() => records.recordings.readRecording(callId))).toBe("storage_failed");
    }
    writeFileSync(fileOf(), Buffer.concat([head, a, b, c, end]));
    expect(records.recordings.readRecording(callId).sealed).toBe(true);
  });

  test("another call's file in its place is refused", () => {
    record(1);
    const other = "11111111-7e6c-4f0e-9d8e-0f5f5a3c1d11";
    records.callLog.begin({ id: other, line: "200", startedAt: now });
    records.callLog.disclosed(other, { number: undefined, display: undefined, withheld: true }, now);
    const second = records.recordings.start(other, now);
    second.append({ sequence: 0, codec: "PCMA", caller: new Uint8Array(9), agent: new Uint8Array(9) });
    second.finish();
    writeFileSync(fileOf(), readFileSync(fileOf(other)));
    expect(codeOf(() => records.recordings.readRecording(callId))).toBe("storage_failed");
  });

  test("a pipe or a link in its place is refused, not waited for", () => {
    record(1);
    const moved = `${fileOf()}.moved`;
    renameSync(fileOf(), moved);
    Bun.spawnSync(["mkfifo", fileOf()]);
    expect(codeOf(() => records.recordings.readRecording(callId))).toBe("storage_failed");
    rmSync(fileOf());
    symlinkSync(moved, fileOf());
    expect(codeOf(() => records.recordings.readRecording(callId))).toBe("not_found");
  });

  test("nothing is recorded before the disclosure, and nothing twice", () => {
    const early = "22222222-7e6c-4f0e-9d8e-0f5f5a3c1d11";
    records.callLog.begin({ id: early, line: "200", startedAt: now });
    expect(() => records.recordings.start(early, now)).toThrow("before the disclosure");
    record(1);
    expect(() => records.recordings.start(callId, now)).toThrow();
  });

  test("destroying the call's key erases transcript and recording", () => {
    record(1);
    records.store.db.prepare("DELETE FROM data_key WHERE id = ?").run(callId);
    expect(codeOf(() => records.recordings.readRecording(callId))).toBe("not_found");
  });

  test("directions of unequal length are a bug", () => {
    const recording = record(1, { samples: 20, finish: false });
    const unequal = { sequence: 1, codec: "PCMA", caller: new Uint8Array(1), agent: new Uint8Array(2) } as const;
    expect(() => recording.append(unequal)).toThrow("equally long");
    recording.abandon();
  });
});

describe("a disk that refuses", () => {
  const chunk = { sequence: 0, codec: "PCMA", caller: new Uint8Array(9), agent: new Uint8Array(9) } as const;

  test("is said at every append, and nothing is written after the failure", () => {
    const fd = openSync("/dev/full", "w");
    const writer = createRecordingWriter({ fd, dataKey: randomBytes(32), keyId: randomBytes(16), finished: fail });
    expect(codeOf(() => writer.append(chunk))).toBe("storage_failed");
    expect(codeOf(() => writer.append({ ...chunk, sequence: 1 }))).toBe("storage_failed");
    expect(codeOf(() => writer.finish())).toBe("storage_failed");
  });

  function fail() {
    throw new Error("it was not finished");
  }
});
