import { MalformedFile } from "../onnx/malformed.ts";

/** Text of token ids, as Whisper's byte-level vocabulary spells it. */
export type TokenTable = {
  count: number;
  /** The bytes of one token; empty for an id that has none, such as a special one. */
  bytes(id: number): Uint8Array;
  /** Several tokens as text. A character cut short at either end is left out. */
  text(ids: readonly number[]): string;
};

/**
 * Reads the `tokens.txt` of a sherpa-onnx Whisper model: a line is a token in base64, a space and its id.
 *
 * @throws MalformedFile
 */
export function parseTokens(file: Uint8Array): TokenTable {
  const spans: { id: number; bytes: Buffer }[] = [];
  let highest = -1;
  for (const [index, line] of new TextDecoder().decode(file).split("\n").entries()) {
    if (line.trim() === "") continue;
    const parts = /^([A-Za-z0-9+/]*={0,2})[ \t]+(\d{1,7})\r?$/.exec(line);
    if (parts === null) throw new MalformedFile(`line ${index + 1} is not a token in base64 and its number`);
    const id = Number(parts[2]);
    spans.push({ id, bytes: Buffer.from(parts[1] ?? "", "base64") });
    highest = Math.max(highest, id);
  }
  if (spans.length === 0) throw new MalformedFile("it holds no token");
  // One block for all: 50,000 small arrays would cost megabytes in each speech child.
  const starts = new Uint32Array(highest + 1);
  const ends = new Uint32Array(highest + 1);
  const block = new Uint8Array(spans.reduce((sum, { bytes }) => sum + bytes.length, 0));
  let at = 0;
  for (const { id, bytes } of spans) {
    block.set(bytes, at);
    starts[id] = at;
    at += bytes.length;
    ends[id] = at;
  }
  const bytesOf = (id: number): Uint8Array => block.subarray(starts[id] ?? 0, ends[id] ?? 0);
  return {
    count: highest + 1,
    bytes: bytesOf,
    text: (ids) => decode(ids.map(bytesOf)),
  };
}

function decode(parts: Uint8Array[]): string {
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(Buffer.concat(parts));
  return text.replaceAll("\uFFFD", "");
}
