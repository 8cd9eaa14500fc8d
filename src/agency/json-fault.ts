/** Where a text stops being JSON (RFC 8259): the parser of the runtime does not tell. */

const space = /[ \t\r\n]*/y;
const string = /"(?:[ !#-[\]-\uffff]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const scalar = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.])/y;

/** @param text Not JSON. @returns The line, from 1, of the first character that cannot be where it is. */
export function jsonFault(text: string): { line: number; why: string } {
  const scan = new Scan(text.replace(/^\uFEFF/, ""));
  const why = scan.document() ?? "it cannot be read";
  return { line: scan.line(), why };
}

/** Follows the grammar and stops at the first fault; each method returns what is wrong there. */
class Scan {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  line(): number {
    return this.#text.slice(0, this.#at).split("\n").length;
  }

  document(): string | undefined {
    const fault = this.#value(0);
    if (fault !== undefined) return fault;
    this.#takes(space);
    return this.#at < this.#text.length ? "expected the end of the file" : undefined;
  }

  #takes(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    const found = pattern.test(this.#text);
    if (found) this.#at = pattern.lastIndex;
    return found;
  }

  #char(char: string): boolean {
    this.#takes(space);
    if (this.#text[this.#at] !== char) return false;
    this.#at += 1;
    return true;
  }

  #value(depth: number): string | undefined {
    if (depth > 500) return "nested too deeply";
    if (this.#char("{")) return this.#members("}", depth, true);
    if (this.#char("[")) return this.#members("]", depth, false);
    if (this.#takes(string) || this.#takes(scalar)) return undefined;
    return this.#text[this.#at] === '"' ? "a string that does not end, or has a wrong character" : "expected a value";
  }

  #members(end: "}" | "]", depth: number, named: boolean): string | undefined {
    if (this.#char(end)) return undefined;
    do {
      if (named) {
        this.#takes(space);
        if (!this.#takes(string)) return 'expected the name of a field in "…"';
        if (!this.#char(":")) return 'expected ":"';
      }
      const fault = this.#value(depth + 1);
      if (fault !== undefined) return fault;
    } while (this.#char(","));
    return this.#char(end) ? undefined : `expected "," or "${end}"`;
  }
}
