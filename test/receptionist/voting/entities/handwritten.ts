/** The lines written by hand: a value, and ways in which recognisers wrote it down. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

export type Said = { readonly value: string; readonly ways: readonly string[] };

/** @param name Of a file in `handwritten/`: values at the margin, what was said indented under them, "#" for remarks. */
export function handwritten(name: string): Said[] {
  const text = readFileSync(join(import.meta.dir, "handwritten", `${name}.txt`), "utf8");
  const items: { value: string; ways: string[] }[] = [];
  for (const line of text.split("\n")) {
    if (line.trim() === "" || line.startsWith("#")) continue;
    if (line.startsWith(" ")) items.at(-1)?.ways.push(line.trim());
    else items.push({ value: line.trim(), ways: [] });
  }
  return items;
}
