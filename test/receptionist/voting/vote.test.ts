import { describe, expect, test } from "bun:test";
import { email } from "../../../src/receptionist/voting/email.ts";
import type { Attempt, ItemReader } from "../../../src/receptionist/voting/item.ts";
import { postcode } from "../../../src/receptionist/voting/postcode.ts";
import { decide } from "../../../src/receptionist/voting/vote.ts";

const context = { now: "2026-11-24T10:05", context: undefined } as const;
/** A text is its own value: "red?" is half sure. */
const plain: ItemReader = {
  read: (text) => (text === "" ? [] : [{ value: text.replace("?", ""), certainty: text.endsWith("?") ? 0.5 : 0.98 }]),
};
const attempt = (...texts: string[]): Attempt => texts.map((text) => [text, null]);
const of = (attempts: Attempt[], register: string[] = []) => decide(attempts, register, plain, context);

describe("without a register", () => {
  test("nothing understood is null, and would be asked about", () => {
    expect(of([attempt("")])).toEqual({ value: null, certainty: 0, wouldConfirm: true, alternatives: [] });
    expect(of([[]]).value).toBeNull();
  });

  test("one attempt is confirmed however clear it is; two that agree are not", () => {
    expect(of([attempt("red")])).toMatchObject({ value: "red", wouldConfirm: true });
    expect(of([attempt("red"), attempt("red")])).toMatchObject({ value: "red", wouldConfirm: false });
  });

  test("two that agree on words which may be written in two ways are confirmed", () => {
    expect(of([attempt("red?"), attempt("red?")])).toMatchObject({ value: "red", wouldConfirm: true });
    const twice = [
      attempt("gareth underscore reed at icloud dot com"),
      attempt("gareth underscore reed at icloud dot com"),
    ];
    expect(decide(twice, [], email, context)).toMatchObject({ value: "gareth_reed@icloud.com", wouldConfirm: true });
  });

  test("two that differ are confirmed, and the other is an alternative", () => {
    const decision = of([attempt("red"), attempt("blue")]);
    expect(decision.wouldConfirm).toBe(true);
    expect([decision.value, ...decision.alternatives.map(({ value }) => value)].sort()).toEqual(["blue", "red"]);
  });

  test("what both hold outweighs what each likes best", () => {
    expect(of([attempt("red", "green"), attempt("blue", "green")]).value).toBe("green");
  });

  test("scores decide where all are there, ranks where one is missing", () => {
    expect(of([[["red", -9] as const, ["blue", -0.1] as const]]).value).toBe("blue");
    expect(of([[["red", -9] as const, ["blue", null] as const]]).value).toBe("red");
  });
});

describe("with a register", () => {
  test("a value that it holds, heard first, needs no question; one that it does not hold does", () => {
    expect(of([attempt("red")], ["red", "blue"])).toMatchObject({ value: "red", wouldConfirm: false });
    expect(of([attempt("pink"), attempt("pink")], ["red", "blue"])).toMatchObject({
      value: "pink",
      wouldConfirm: true,
    });
  });

  test("a half-sure reading of a known value is asked about", () => {
    expect(of([attempt("red?")], ["red"])).toMatchObject({ value: "red", wouldConfirm: true });
  });

  test("a postcode that it knows is found behind confused letters, and asked about", () => {
    const decision = decide([attempt("n 2 1 4 w d")], ["M21 4WB", "SW1A 2AA"], postcode, context);
    expect([decision.value, ...decision.alternatives.map(({ value }) => value)]).toContain("M21 4WB");
    expect(decision.wouldConfirm).toBe(true);
    const again = [attempt("n 2 1 4 w d"), attempt("m 2 1 4 w d", "m 2 1 4 w b")];
    expect(decide(again, ["M21 4WB", "SW1A 2AA"], postcode, context).value).toBe("M21 4WB");
  });

  test("its values may be written in any way", () => {
    expect(decide([attempt("w 2 0 a b")], ["w20ab"], postcode, context).value).toBe("W2 0AB");
  });
});
