/**
 * One recording as it grows.
 *
 * Every chunk (about a second) is handed to the kernel before `append` returns: a killed process loses nothing that it
 * was given. It is flushed to the disk at once but without waiting, one flush at a time; a power cut loses what the
 * flush in progress had not reached, about a second. `finish` waits for its flush.
 */
import { closeSync, fdatasync, fdatasyncSync, writeSync } from "node:fs";
import { AppError } from "../app-error.ts";
import type { Recording } from "../calls/ports.ts";
import { createSealer, type Sealer } from "../security/stream-cipher.ts";
import { codecNumber, encodeAudio, encodeEnd } from "./recording-format.ts";

export type WriterParts = {
  /** Open for writing, at its end. The writer closes it. */
  fd: number;
  /** 32 bytes; zeroed at the end. */
  dataKey: Buffer;
  /** 16 bytes. */
  keyId: Uint8Array;
  /** After the last chunk has reached the disk. */
  finished(chunks: number): void;
};

/** `append` and `finish` throw AppError("storage_failed") once the disk refused anything; what is there stays readable. */
export function createRecordingWriter({ fd, dataKey, keyId, finished }: WriterParts): Recording & { abandon(): void } {
  let sealer: Sealer | undefined;
  let chunks = 0;
  let samples = 0;
  let failure: unknown;
  let isOpen = true;
  let flushing = false;
  let dirty = false;

  const close = () => {
    isOpen = false;
    sealer?.close();
    dataKey.fill(0);
    if (!flushing) closeSync(fd);
  };
  const flush = () => {
    if (flushing) return;
    flushing = true;
    dirty = false;
    fdatasync(fd, (error) => {
      flushing = false;
      failure ??= error ?? undefined;
      if (!isOpen) closeSync(fd);
      else if (dirty) flush();
    });
  };
  const write = (bytes: Buffer) => {
    try {
      if (failure !== undefined) throw failure;
      for (let at = 0; at < bytes.length; ) at += writeSync(fd, bytes, at);
    } catch (error) {
      // Half a chunk may be in the file. Nothing may follow it, and its nonce may not be used again.
      failure = error;
      throw new AppError("storage_failed", "The recording cannot be written: is the disk full?", { cause: error });
    }
  };
  const sealed = (plaintext: Buffer, codec: number, last: boolean): Buffer => {
    const first = sealer === undefined;
    sealer ??= createSealer(dataKey, keyId, codec);
    const chunk = sealer.seal(plaintext, last);
    plaintext.fill(0);
    return first ? Buffer.concat([sealer.header, chunk]) : chunk;
  };
  return {
    append(audio) {
      if (!isOpen) throw new Error("the recording is closed");
      if (audio.caller.length !== audio.agent.length) throw new Error("both directions must be equally long");
      write(sealed(encodeAudio(audio), codecNumber(audio.codec), false));
      chunks++;
      samples += audio.caller.length;
      dirty = true;
      flush();
    },
    finish() {
      if (!isOpen) return;
      try {
        write(sealed(encodeEnd({ chunks, samples }), 0, true));
        fdatasyncSync(fd);
      } finally {
        close();
      }
      finished(chunks);
    },
    abandon() {
      if (isOpen) close();
    },
  };
}
