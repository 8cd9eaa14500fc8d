import type { TokenTable } from "./tokens.ts";

/**
 * Text as the model's own tokens. Whisper's vocabulary is a byte-level BPE whose ids stand in the order of the merges, so
 * the table alone is enough: of two neighbours, those go together first whose union has the lowest id.
 *
 * @returns Ids; empty where the table lacks even a single byte of it (then it is no table of that kind).
 */
export type Encode = (text: string) => number[];

/** GPT-2's split, which no merge crosses: a word takes the space before it along. */
const pieces = /'(?:s|t|re|ve|m|ll|d)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu;

/** @param textTokens Ids from here on are special and spell nothing. */
export function textEncoder(tokens: TokenTable, textTokens: number): Encode {
  const idOf = new Map<string, number>();
  for (let id = Math.min(textTokens, tokens.count) - 1; id >= 0; id--) {
    const bytes = tokens.bytes(id);
    if (bytes.length > 0) idOf.set(keyOf(bytes), id); // the lowest id of equal ones stays
  }
  const utf8 = new TextEncoder();
  return (text) => {
    const ids: number[] = [];
    for (const [piece] of text.matchAll(pieces)) {
      const found = merge(keyOf(utf8.encode(piece)), idOf);
      if (found === undefined) return [];
      ids.push(...found);
    }
    return ids;
  };
}

/** One character per byte. */
const keyOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString("latin1");

function merge(bytes: string, idOf: ReadonlyMap<string, number>): number[] | undefined {
  const parts = [...bytes];
  for (;;) {
    let best: { at: number; id: number } | undefined;
    for (let at = 0; at + 1 < parts.length; at++) {
      const id = idOf.get(`${parts[at]}${parts[at + 1]}`);
      if (id !== undefined && id < (best?.id ?? Number.POSITIVE_INFINITY)) best = { at, id };
    }
    if (best === undefined) break;
    parts.splice(best.at, 2, `${parts[best.at]}${parts[best.at + 1]}`);
  }
  const ids = parts.map((part) => idOf.get(part));
  return ids.includes(undefined) ? undefined : (ids as number[]);
}
