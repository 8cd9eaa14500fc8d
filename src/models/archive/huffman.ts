import type { bitReader } from "./bits.ts";

type Bits = ReturnType<typeof bitReader>;

const longestCode = 20;
/** Codes up to here are looked up in one step. */
const quickBits = 11;

/**
 * Reads the lengths of a canonical Huffman code as bzip2 writes them: the first in 5 bits, then for each symbol "10" one
 * up, "11" one down, "0" it is that.
 *
 * @returns What reads one symbol. @throws What `refused` makes, for a length that cannot be or a code that is none.
 */
export async function readHuffmanCode(
  bits: Bits,
  symbols: number,
  refused: (what: string) => Error,
): Promise<(bits: Bits) => number> {
  const damaged = () => refused("it was damaged on the way");
  await bits.need(5);
  let length = bits.read(5);
  const lengths = new Uint8Array(symbols);
  for (let symbol = 0; symbol < symbols; symbol++) {
    await bits.need(2 * longestCode + 2);
    for (;;) {
      if (length < 1 || length > longestCode) throw damaged();
      if (bits.read(1) === 0) break;
      length += bits.read(1) === 0 ? 1 : -1;
    }
    lengths[symbol] = length;
  }
  const { codes, quick } = codesOf(lengths);
  return (from) => {
    const entry = quick[from.peek(quickBits)] ?? 0;
    if (entry !== 0) {
      from.drop(entry & 31);
      return entry >>> 5;
    }
    for (let each = quickBits + 1; each <= longestCode; each++) {
      const symbol = codes.get((1 << each) | from.peek(each));
      if (symbol === undefined) continue;
      from.drop(each);
      return symbol;
    }
    throw damaged();
  };
}

/**
 * Canonical: shorter codes first, of equal length in the order of the symbols. `quick`: for the next bits, whatever
 * follows, the symbol and the length (5 bits); 0 where the code is longer. `codes`: those, with a 1 in front.
 */
function codesOf(lengths: Uint8Array): { codes: Map<number, number>; quick: Uint32Array } {
  const codes = new Map<number, number>();
  const quick = new Uint32Array(1 << quickBits);
  let code = 0;
  for (let length = 1; length <= longestCode; length++) {
    for (let symbol = 0; symbol < lengths.length; symbol++) {
      if (lengths[symbol] !== length) continue;
      if (length > quickBits) codes.set((1 << length) | code, symbol);
      else quick.fill((symbol << 5) | length, code << (quickBits - length), (code + 1) << (quickBits - length));
      code++;
    }
    code <<= 1;
  }
  return { codes, quick };
}
