/** A byte stream cut into SIP messages (RFC 3261 §7.5, §18.3): Content-Length says where each ends. */
import { parseDecimal, trimSpace } from "./grammar.ts";
import { canonicalName } from "./header-names.ts";

/** RFC 5626 §4.4.1: two line ends between messages ask for one in return. `bad`: where the stream is beyond repair. */
export type Framed =
  | { readonly kind: "message"; readonly bytes: Uint8Array }
  | { readonly kind: "ping" }
  | { readonly kind: "pong" }
  | { readonly kind: "bad"; readonly reason: "header-bytes" | "message-bytes" | "no-content-length" };

export type StreamLimits = { readonly headerBytes: number; readonly messageBytes: number };

export interface StreamFramer {
  /** What the bytes so far have brought to an end. After `bad` nothing more comes: the connection is to be closed. */
  push(chunk: Uint8Array): Framed[];
  /** Bytes of a message that has not ended yet. */
  pending(): number;
}

const lineFeed = 10;
const carriageReturn = 13;
const headEnd = Buffer.from("\r\n\r\n");
const empty = Buffer.alloc(0);

export function createStreamFramer(limits: StreamLimits): StreamFramer {
  let held: Buffer = empty;
  /** Length of the message that `held` begins with, once its head is there. */
  let wanted: number | undefined;
  /** How far `held` has been searched for the end of the head, so that one byte at a time costs no square. */
  let searched = 0;
  let broken = false;

  function fail(reason: (Framed & { kind: "bad" })["reason"]): Framed {
    broken = true;
    held = empty;
    return { kind: "bad", reason };
  }

  function take(length: number): Buffer {
    const bytes = held.subarray(0, length);
    held = held.subarray(length);
    wanted = undefined;
    searched = 0;
    return bytes;
  }

  /** Line ends between messages. */
  function takeLineEnd(): Framed | "none" | undefined {
    if (wanted !== undefined || held[0] !== carriageReturn) return undefined;
    if (held.length < 2) return "none";
    if (held[1] !== lineFeed) return undefined;
    if (held.length < 3 || held[2] !== carriageReturn) {
      take(2);
      return { kind: "pong" };
    }
    if (held.length < 4) return "none";
    if (held[3] !== lineFeed) return undefined;
    take(4);
    return { kind: "ping" };
  }

  function next(): Framed | undefined {
    if (broken || held.length === 0) return undefined;
    const lineEnd = takeLineEnd();
    if (lineEnd !== undefined) return lineEnd === "none" ? undefined : lineEnd;
    if (wanted === undefined) {
      const end = held.indexOf(headEnd, Math.max(0, searched - headEnd.length));
      searched = held.length;
      if (end > limits.headerBytes || (end < 0 && held.length > limits.headerBytes)) return fail("header-bytes");
      if (end < 0) return undefined;
      const length = contentLength(held.subarray(0, end));
      if (length === undefined) return fail("no-content-length");
      wanted = end + headEnd.length + length;
      if (wanted > limits.messageBytes) return fail("message-bytes");
    }
    return held.length < wanted ? undefined : { kind: "message", bytes: take(wanted) };
  }

  return {
    push(chunk) {
      if (broken) return [];
      // What is passed up and what is kept must not change when the socket uses its buffer again.
      held = held.length === 0 ? Buffer.from(chunk) : Buffer.concat([held, chunk]);
      const framed: Framed[] = [];
      for (let one = next(); one !== undefined; one = next()) framed.push(one);
      return framed;
    },
    pending: () => held.length,
  };
}

/** RFC 3261 §20.14: over a stream it must be there. Two that differ would let one message hide in another. */
function contentLength(head: Buffer): number | undefined {
  let found: number | undefined;
  for (const line of head.toString("latin1").split("\r\n")) {
    const colon = line.indexOf(":");
    if (colon < 0 || canonicalName(trimSpace(line.slice(0, colon))) !== "content-length") continue;
    const value = parseDecimal(trimSpace(line.slice(colon + 1)), 2 ** 31);
    if (value === undefined || (found !== undefined && found !== value)) return undefined;
    found = value;
  }
  return found;
}
