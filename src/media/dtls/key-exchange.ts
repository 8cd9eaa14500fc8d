/** Ephemeral ECDH over P-256 (RFC 8422 §5.4 and §5.7). */
import { createECDH } from "node:crypto";
import { p256 } from "./hello.ts";
import { createReader, joined, uint, vector } from "./wire.ts";

export type KeyExchange = {
  readonly publicKey: Uint8Array;
  /** @returns undefined if the other's is no point of the curve. */
  agree(theirs: Uint8Array): Uint8Array | undefined;
};

const curve = "prime256v1";
const namedCurve = 3;

export function createKeyExchange(): KeyExchange {
  const ecdh = createECDH(curve);
  return {
    publicKey: new Uint8Array(ecdh.generateKeys()),
    agree(theirs) {
      try {
        return new Uint8Array(ecdh.computeSecret(theirs));
      } catch {
        return undefined; // node's way of refusing a point
      }
    },
  };
}

/** What a ServerKeyExchange says and signs. */
export function writeServerParameters(publicKey: Uint8Array): Uint8Array {
  return joined(uint(namedCurve, 1), uint(p256, 2), vector(1, publicKey));
}

/** @returns the parameters as signed, the key in them, and the signature that follows. */
export function readServerKeyExchange(
  body: Uint8Array,
): { parameters: Uint8Array; publicKey: Uint8Array; signed: Uint8Array } | undefined {
  const reader = createReader(body);
  const type = reader.uint8();
  const group = reader.uint16();
  const publicKey = reader.vector(1);
  if (!reader.isGood || type !== namedCurve || group !== p256) return undefined;
  const end = body.length - reader.left;
  return { parameters: body.subarray(0, end), publicKey, signed: body.subarray(end) };
}

export function writeClientKeyExchange(publicKey: Uint8Array): Uint8Array {
  return vector(1, publicKey);
}

export function readClientKeyExchange(body: Uint8Array): Uint8Array | undefined {
  const reader = createReader(body);
  const publicKey = reader.vector(1);
  return reader.isGood && reader.left === 0 ? publicKey : undefined;
}
