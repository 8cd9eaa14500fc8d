import { describe, expect, test } from "bun:test";
import { handled, look, newWatch, unhandled } from "../../../src/agency/listings/folder.ts";

const file = (name: string, bytes = 10, changedMs = 1_000) => ({ name, bytes, changedMs });

describe("the watched folder", () => {
  test("a file is ready at the second look, once", () => {
    const first = look(newWatch(), [file("a.blm")]);
    expect(first.ready).toEqual([]);
    const second = look(first.watch, [file("a.blm")]);
    expect(second.ready).toEqual(["a.blm"]);
    expect(look(second.watch, [file("a.blm")]).ready).toEqual([]);
  });

  test("one that grows is left until it rests; one that changes is ready again", () => {
    let { watch, ready } = look(newWatch(), [file("a.csv", 10)]);
    for (const bytes of [20, 30]) {
      ({ watch, ready } = look(watch, [file("a.csv", bytes)]));
      expect(ready).toEqual([]);
    }
    ({ watch, ready } = look(watch, [file("a.csv", 30)]));
    expect(ready).toEqual(["a.csv"]);
    ({ watch, ready } = look(watch, [file("a.csv", 30, 2_000)]));
    expect(ready).toEqual([]);
    ({ watch, ready } = look(watch, [file("a.csv", 30, 2_000)]));
    expect(ready).toEqual(["a.csv"]);
  });

  test("the newest list comes last; other files and hidden ones are none", () => {
    const files = [
      file("new.BLM", 1, 9),
      file("old.csv", 1, 5),
      file(".a.csv"),
      file("list.csv.part"),
      file("list.pdf"),
      file("\u001b]0;x\u0007.csv"),
    ];
    expect(look(look(newWatch(), files).watch, files).ready).toEqual(["old.csv", "new.BLM"]);
  });

  test("what could not be read is tried again at the next look", () => {
    const first = look(look(newWatch(), [file("a.csv")]).watch, [file("a.csv")]);
    expect(look(unhandled(first.watch, "a.csv"), [file("a.csv")]).ready).toEqual(["a.csv"]);
    expect(look(handled(first.watch, "a.csv"), [file("a.csv")]).ready).toEqual([]);
    expect(handled(first.watch, "gone.csv")).toEqual(first.watch);
  });
});
