/** Bits, the most significant first, out of chunks of whatever length. */
export function bitReader(chunks: AsyncIterable<Uint8Array>, missing: () => Error) {
  const iterator = chunks[Symbol.asyncIterator]();
  /** What is at hand, from `at`; `hold` has `count` bits that were taken off it. */
  let bytes: Uint8Array = new Uint8Array(0);
  let at = 0;
  let [hold, count] = [0, 0];
  let ended = false;

  /** True as long as there is more. */
  async function fetch(): Promise<boolean> {
    const next = await iterator.next();
    if (next.done) {
      ended = true;
      return false;
    }
    const rest = bytes.subarray(at);
    const joined = new Uint8Array(rest.length + next.value.length);
    joined.set(rest);
    joined.set(next.value, rest.length);
    [bytes, at] = [joined, 0];
    return true;
  }

  return {
    /** Brings so many bits to hand, or all that are left: whoever reads beyond the end is told so then. */
    async need(bits: number): Promise<void> {
      while (!ended && 8 * (bytes.length - at) + count < bits) await fetch();
    },
    /** @param bits 1 to 24. @throws What `missing` makes at the end. */
    read(bits: number): number {
      while (count < bits) {
        if (at >= bytes.length) throw missing();
        hold = ((hold << 8) | (bytes[at++] ?? 0)) >>> 0;
        count += 8;
      }
      count -= bits;
      const value = hold >>> count;
      hold &= (1 << count) - 1;
      return value & ((1 << bits) - 1);
    },
    /** The next bits without taking them; what is beyond the end is 0. @param bits 1 to 24. */
    peek(bits: number): number {
      while (count < bits && at < bytes.length) {
        hold = ((hold << 8) | (bytes[at++] ?? 0)) >>> 0;
        count += 8;
      }
      return count >= bits ? hold >>> (count - bits) : hold << (bits - count);
    },
    /** Takes bits that were looked at. @throws What `missing` makes at the end. */
    drop(bits: number): void {
      if (count < bits) throw missing();
      count -= bits;
      hold &= (1 << count) - 1;
    },
    /** To the next whole byte. */
    align(): void {
      [hold, count] = [0, 0];
    },
    async atEnd(): Promise<boolean> {
      while (!ended && at >= bytes.length) await fetch();
      return at >= bytes.length;
    },
  };
}
