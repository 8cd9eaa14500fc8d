/**
 * Unpacks bzip2, the wrapping of sherpa-onnx's releases. The format (bzip2 1.0.8): a stream of blocks, each of run-length
 * coding, Burrows-Wheeler transform, move-to-front and up to six Huffman codes, all of it in bits; streams may follow one
 * another.
 */
import { AppError } from "../../app-error.ts";
import { bitReader } from "./bits.ts";
import { readHuffmanCode } from "./huffman.ts";

const blockMagic = [0x314159, 0x265359] as const;
const endMagic = [0x177245, 0x385090] as const;
/** So many symbols are in one code before the next is chosen. */
const groupSymbols = 50;
const outBytes = 1 << 16;

/** @throws AppError("invalid_input") where it is no bzip2, is cut short or was damaged. */
export async function* unpackBzip2(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const bits = bitReader(chunks, () => refused("its end is missing"));
  for (let streams = 0; ; streams++) {
    if (streams > 0 && (await bits.atEnd())) return;
    await bits.need(32);
    if (bits.read(8) !== 0x42 || bits.read(8) !== 0x5a || bits.read(8) !== 0x68) throw refused("it is not bzip2");
    const level = bits.read(8) - 0x30;
    if (level < 1 || level > 9) throw refused("it is not bzip2");
    const memory = new Uint32Array(level * 100_000);
    let combined = 0;
    for (;;) {
      await bits.need(80);
      const magic = [bits.read(24), bits.read(24)];
      const check = ((bits.read(16) << 16) | bits.read(16)) >>> 0;
      if (magic[0] === endMagic[0] && magic[1] === endMagic[1]) {
        if (check !== combined) throw refused("it was damaged on the way");
        break;
      }
      if (magic[0] !== blockMagic[0] || magic[1] !== blockMagic[1]) throw refused("it was damaged on the way");
      const block = await readBlock(bits, memory);
      let sum = 0xffff_ffff;
      for (const part of expand(memory, block)) {
        sum = checksum(sum, part);
        yield part;
      }
      sum = ~sum >>> 0;
      if (sum !== check) throw refused("it was damaged on the way");
      combined = (((combined << 1) | (combined >>> 31)) ^ sum) >>> 0;
    }
    bits.align();
  }
}

type Bits = ReturnType<typeof bitReader>;
type Block = { length: number; origin: number };

/** One block's symbols, undone as far as the transform: bytes in the low 8 bits of `memory`. */
async function readBlock(bits: Bits, memory: Uint32Array): Promise<Block> {
  await bits.need(25 + 16 + 256 + 18);
  if (bits.read(1) === 1) throw refused("it is randomised, which has not been done since 1997");
  const origin = bits.read(24);
  const used = readUsed(bits);
  const codes = bits.read(3);
  const selectorCount = bits.read(15);
  if (codes < 2 || codes > 6 || selectorCount < 1 || used.length === 0) throw refused("it was damaged on the way");
  const selectors = await readSelectors(bits, codes, selectorCount);
  const symbols = used.length + 2;
  const tables: Awaited<ReturnType<typeof readHuffmanCode>>[] = [];
  for (let i = 0; i < codes; i++) tables.push(await readHuffmanCode(bits, symbols, refused));
  const length = await readSymbols(bits, { used, selectors, tables, memory });
  if (origin >= length) throw refused("it was damaged on the way");
  return { length, origin };
}

/** Which bytes occur: 16 bits say which sixteenths, then 16 for each of those. */
function readUsed(bits: Bits): number[] {
  const sixteenths = bits.read(16);
  const used: number[] = [];
  for (let high = 0; high < 16; high++) {
    if ((sixteenths & (0x8000 >> high)) === 0) continue;
    const lows = bits.read(16);
    for (let low = 0; low < 16; low++) if ((lows & (0x8000 >> low)) !== 0) used.push(16 * high + low);
  }
  return used;
}

/** Which code each group is in, as a place in a list whose last used comes first. */
async function readSelectors(bits: Bits, codes: number, count: number): Promise<Uint8Array> {
  const order = Array.from({ length: codes }, (_, i) => i);
  const selectors = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    await bits.need(8);
    let place = 0;
    while (bits.read(1) === 1) if (++place >= codes) throw refused("it was damaged on the way");
    const [chosen = 0] = order.splice(place, 1);
    order.unshift(chosen);
    selectors[i] = chosen;
  }
  return selectors;
}

type Coded = {
  used: readonly number[];
  selectors: Uint8Array;
  tables: readonly ((bits: Bits) => number)[];
  memory: Uint32Array;
};

/** Runs of the first in the list (symbols 0 and 1, a number in base 2 without zero), places in the list, and the end. */
async function readSymbols(bits: Bits, { used, selectors, tables, memory }: Coded): Promise<number> {
  const order = Uint8Array.from(used);
  const end = used.length + 1;
  let length = 0;
  let [run, weight] = [0, 1];
  for (const selector of selectors) {
    const next = tables[selector];
    if (next === undefined) throw refused("it was damaged on the way");
    await bits.need(groupSymbols * 20);
    for (let i = 0; i < groupSymbols; i++) {
      const symbol = next(bits);
      if (symbol <= 1) {
        run += weight << symbol;
        weight <<= 1;
        if (length + run > memory.length) throw refused("it was damaged on the way");
        continue;
      }
      if (run > 0) {
        memory.fill(order[0] ?? 0, length, length + run);
        length += run;
        [run, weight] = [0, 1];
      }
      if (symbol === end) return length;
      const place = symbol - 1;
      const byte = order[place] ?? 0;
      order.copyWithin(1, 0, place);
      order[0] = byte;
      if (length >= memory.length) throw refused("it was damaged on the way");
      memory[length++] = byte;
    }
  }
  throw refused("it was damaged on the way");
}

/** Undoes the transform: the high 24 bits become the way from each byte to the next. Then undoes the runs of equal bytes. */
function* expand(memory: Uint32Array, { length, origin }: Block): Generator<Uint8Array> {
  const starts = new Uint32Array(256);
  for (let i = 0; i < length; i++) starts[(memory[i] ?? 0) & 0xff] = (starts[(memory[i] ?? 0) & 0xff] ?? 0) + 1;
  let sum = 0;
  for (let byte = 0; byte < 256; byte++) {
    const count = starts[byte] ?? 0;
    starts[byte] = sum;
    sum += count;
  }
  for (let i = 0; i < length; i++) {
    const byte = (memory[i] ?? 0) & 0xff;
    const place = starts[byte] ?? 0;
    starts[byte] = place + 1;
    memory[place] = ((memory[place] ?? 0) & 0xff) | (i << 8);
  }
  let out = new Uint8Array(outBytes);
  let at = 0;
  let way = (memory[origin] ?? 0) >>> 8;
  let [last, equal] = [-1, 0];
  for (let i = 0; i < length; i++) {
    const entry = memory[way] ?? 0;
    const byte = entry & 0xff;
    way = entry >>> 8;
    // Four equal bytes are followed by how many more there are.
    const count = equal === 4 ? byte : 1;
    const written = equal === 4 ? last : byte;
    if (equal === 4) [last, equal] = [-1, 0];
    else if (byte === last) equal++;
    else [last, equal] = [byte, 1];
    for (let n = 0; n < count; n++) {
      out[at++] = written;
      if (at === outBytes) {
        yield out;
        out = new Uint8Array(outBytes);
        at = 0;
      }
    }
  }
  if (at > 0) yield out.subarray(0, at);
}

/** CRC-32 with the polynomial of 802.3, most significant bit first. */
const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte << 24;
  for (let bit = 0; bit < 8; bit++) crc = (crc << 1) ^ (crc < 0 ? 0x04c1_1db7 : 0);
  return crc >>> 0;
});

function checksum(sum: number, bytes: Uint8Array): number {
  let crc = sum;
  for (let i = 0; i < bytes.length; i++) crc = (crc << 8) ^ (crcTable[((crc >>> 24) ^ (bytes[i] ?? 0)) & 0xff] ?? 0);
  return crc >>> 0;
}

function refused(what: string): AppError {
  return new AppError("invalid_input", `The archive is not taken: ${what}. Fetch it again from where it came.`);
}
