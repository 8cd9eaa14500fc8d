/** Recordings: a file each, `<data>/recordings/<call id>.ghr`, and a row that says whether it was finished. */
import { createHash } from "node:crypto";
import { closeSync, constants, fchmodSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { AppError } from "../app-error.ts";
import type { Recording } from "../calls/ports.ts";
import type { Audit } from "../security/audit.ts";
import { reasonOf, syncFolder } from "../security/key-file.ts";
import { recordingsFolder } from "../security/keys.ts";
import type { CallKeys } from "./call-keys.ts";
import type { Calls } from "./calls.ts";
import type { Store } from "./connection.ts";
import { openRecording, type RecordingReader, recordingRateHz } from "./recording-reader.ts";
import { createRecordingWriter } from "./recording-writer.ts";

export type WholeRecording = { rateHz: 8000; caller: Int16Array; agent: Int16Array; sealed: boolean };

export interface Recordings {
  /**
   * Begins the call's recording. `abandon` closes it unsealed (opt-out, shutdown without an end).
   * @throws AppError("storage_failed") if the file cannot be made; Error (a bug) before the disclosure has played out.
   */
  start(callId: string, now: Date): Recording & { abandon(): void };
  /** The caller closes it. @throws AppError("not_found" | "storage_failed"). Not audited here: see readers.ts. */
  open(callId: string): RecordingReader;
  /** All of it in memory. */
  readRecording(callId: string): WholeRecording;
}

export type RecordingsParts = {
  store: Store;
  audit: Audit;
  calls: Calls;
  callKeys: CallKeys;
  dataDir: string;
  /** For when a recording was finished. */
  clock: () => Date;
};

type Row = { file: string; chunks: number | null };

const keyIdOf = (callId: string) => createHash("sha256").update(callId).digest().subarray(0, 16);

export function createRecordings({ store, audit, calls, callKeys, dataDir, clock }: RecordingsParts): Recordings {
  const folder = join(dataDir, recordingsFolder);
  const add = store.db.prepare<[string, string, string, string]>(
    "INSERT INTO recording (call_id, file, key_id, started_at) VALUES (?, ?, ?, ?)",
  );
  const finish = store.db.prepare<[string, number, string]>(
    "UPDATE recording SET finished_at = ?, chunks = ? WHERE call_id = ?",
  );
  const find = store.db.prepare<[string], Row>("SELECT file, chunks FROM recording WHERE call_id = ?");
  const system = { kind: "system" } as const;

  const open = (callId: string): RecordingReader => {
    const row = find.get(callId);
    if (row === undefined) throw new AppError("not_found", "This call has no recording.");
    const dataKey = callKeys.open(callId);
    try {
      return openRecording(join(folder, row.file), dataKey, row.chunks ?? undefined);
    } finally {
      dataKey.fill(0);
    }
  };
  return {
    start(callId, now) {
      if (!/^[0-9A-Za-z-]{1,64}$/.test(callId)) throw new Error("a call id must be fit for a file name");
      if (!calls.isDisclosed(callId)) throw new Error("no recording before the disclosure has played out");
      const file = `${callId}.ghr`;
      const keyId = keyIdOf(callId);
      store.withTransaction(() => {
        audit.record({ at: now, actor: system, action: "recording.start", subjects: { call: callId } });
        add.run(callId, file, keyId.toString("hex"), now.toISOString());
      });
      return createRecordingWriter({
        fd: createFile(folder, file),
        dataKey: callKeys.open(callId),
        keyId,
        finished(chunks) {
          const at = clock();
          store.withTransaction(() => {
            audit.record({ at, actor: system, action: "recording.finish", subjects: { call: callId, chunks } });
            finish.run(at.toISOString(), chunks, callId);
          });
        },
      });
    },
    open,
    readRecording(callId) {
      const reader = open(callId);
      try {
        return { rateHz: recordingRateHz, sealed: reader.sealed, ...reader.read(0, reader.samples) };
      } finally {
        reader.close();
      }
    },
  };
}

function createFile(folder: string, file: string): number {
  const { O_WRONLY, O_CREAT, O_EXCL, O_APPEND, O_NOFOLLOW } = constants;
  let fd: number | undefined;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    fd = openSync(join(folder, file), O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_NOFOLLOW, 0o600);
    fchmodSync(fd, 0o600); // whatever the umask
    syncFolder(folder);
    return fd;
  } catch (error) {
    if (fd !== undefined) closeSync(fd);
    throw new AppError("storage_failed", `Cannot make a recording in ${folder}: ${reasonOf(error)}`, { cause: error });
  }
}
