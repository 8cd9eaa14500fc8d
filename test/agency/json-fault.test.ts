import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { jsonFault } from "../../src/agency/json-fault.ts";

describe("where a text stops being JSON", () => {
  test.each([
    ["", 1, "expected a value"],
    ['{"a": 1,}', 1, "expected the name of a field"],
    ['{\n"a" 1}', 2, 'expected ":"'],
    ["[1,\n2\n", 3, 'expected "," or "]"'],
    ['["a\nb"]', 1, "a string that does not end"],
    ['{"a":\n01}', 2, "expected a value"],
    ["{}\n\n{}", 3, "expected the end of the file"],
    ["[tru]", 1, "expected a value"],
    [`\uFEFF{"a":\n'b'}`, 2, "expected a value"],
  ])("%j: line %d", (text, line, why) => {
    expect(jsonFault(text)).toMatchObject({ line, why: expect.stringContaining(why) });
  });

  test("agrees with the parser on what is JSON, whatever is cut out of it", () => {
    fc.assert(
      fc.property(fc.json(), fc.nat(), fc.nat(6), (json, at, length) => {
        const from = json.length === 0 ? 0 : at % json.length;
        const text = json.slice(0, from) + json.slice(from + length);
        const isJson = parses(text);
        expect(jsonFault(text).why === "it cannot be read").toBe(isJson); // no fault found
      }),
      { numRuns: 3_000 },
    );
  });
});

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
