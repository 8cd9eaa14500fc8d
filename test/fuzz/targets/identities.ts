/** Identifiers that follow from what has come in, so that a session with steps left out still has those of the others. */
export function createIdentities(nowMs: () => number) {
  let input = 0n;
  let made = 0;
  return {
    /** From here on they belong to this input. */
    begin(bytes: Uint8Array): void {
      input = Bun.hash.wyhash(bytes);
      made = 0;
    },
    /** Of the form of a UUID. */
    next(): string {
      made += 1;
      const hex = (text: string) => Bun.hash.wyhash(text).toString(16).padStart(16, "0");
      const text = `${input} ${made} ${nowMs()}`;
      const all = hex(text) + hex(`${text} `);
      return [all.slice(0, 8), all.slice(8, 12), all.slice(12, 16), all.slice(16, 20), all.slice(20, 32)].join("-");
    },
  };
}
