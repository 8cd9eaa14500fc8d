/** Records of DTLS 1.2 (RFC 6347 §4.1), plain and under AES-GCM (RFC 5288). */
import { createCipheriv, createDecipheriv } from "node:crypto";
import { createReader, joined, uint } from "./wire.ts";

export const contentType = { changeCipherSpec: 20, alert: 21, handshake: 22, applicationData: 23 } as const;
export type ContentType = (typeof contentType)[keyof typeof contentType];

export type DtlsRecord = {
  type: ContentType;
  epoch: number;
  /** 48 bits. */
  sequence: number;
  fragment: Uint8Array;
};

/** As on the wire: 1.2 is {254, 253}; a first ClientHello and its HelloVerifyRequest may still say 1.0 (§4.2.1). */
export const dtls12 = 0xfefd;
const dtls10 = 0xfeff;
/** A handshake's datagram holds a flight at most: the longest has seven records. */
const mostRecords = 16;
/** RFC 6347 §4.1 wants a connection given up before its sequence wraps; a handshake needs a few dozen. */
const highestSequence = 2 ** 32;

/** @returns The records at the head of the datagram up to the first that is malformed or of no kind of ours. */
export function readRecords(datagram: Uint8Array): DtlsRecord[] {
  const records: DtlsRecord[] = [];
  const reader = createReader(datagram);
  while (reader.left > 0 && records.length < mostRecords) {
    const type = reader.uint8();
    const version = reader.uint16();
    const epoch = reader.uint16();
    const sequence = reader.uint24() * 2 ** 24 + reader.uint24();
    const fragment = reader.vector(2);
    if (!reader.isGood || !isContentType(type) || (version !== dtls12 && version !== dtls10)) break;
    if (sequence < highestSequence) records.push({ type, epoch, sequence, fragment });
  }
  return records;
}

function isContentType(type: number): type is ContentType {
  return type >= contentType.changeCipherSpec && type <= contentType.applicationData;
}

export function writeRecord({ type, epoch, sequence, fragment }: DtlsRecord): Uint8Array {
  return joined(uint(type, 1), uint(dtls12, 2), uint(epoch, 2), uint(sequence, 6), uint(fragment.length, 2), fragment);
}

/** One direction's key, and the four bytes that begin its nonces. */
export type RecordKey = { key: Uint8Array; salt: Uint8Array };

const tagBytes = 16;
const explicitBytes = 8;

/** RFC 5288 §3: the explicit half of the nonce is the record's own epoch and sequence, which never repeat under a key. */
export function sealRecord({ key, salt }: RecordKey, record: DtlsRecord): DtlsRecord {
  const explicit = joined(uint(record.epoch, 2), uint(record.sequence, 6));
  const cipher = createCipheriv(algorithmOf(key), key, joined(salt, explicit));
  cipher.setAAD(associated(record, record.fragment.length));
  const sealed = cipher.update(record.fragment);
  cipher.final();
  return { ...record, fragment: joined(explicit, sealed, cipher.getAuthTag()) };
}

/** @returns undefined if it was not made with this key. */
export function openRecord({ key, salt }: RecordKey, record: DtlsRecord): Uint8Array | undefined {
  const { fragment } = record;
  const end = fragment.length - tagBytes;
  if (end < explicitBytes) return undefined;
  const nonce = joined(salt, fragment.subarray(0, explicitBytes));
  const decipher = createDecipheriv(algorithmOf(key), key, nonce, { authTagLength: tagBytes })
    .setAAD(associated(record, end - explicitBytes))
    .setAuthTag(fragment.subarray(end));
  const clear = decipher.update(fragment.subarray(explicitBytes, end));
  try {
    decipher.final();
    return new Uint8Array(clear);
  } catch {
    return undefined; // node's way of saying that the tag is wrong
  }
}

function algorithmOf(key: Uint8Array): "aes-128-gcm" | "aes-256-gcm" {
  return key.length === 32 ? "aes-256-gcm" : "aes-128-gcm";
}

function associated({ epoch, sequence, type }: DtlsRecord, clearBytes: number): Uint8Array {
  return joined(uint(epoch, 2), uint(sequence, 6), uint(type, 1), uint(dtls12, 2), uint(clearBytes, 2));
}
