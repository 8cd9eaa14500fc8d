import { expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

function understand(input: string, ...args: string[]) {
  const command = [process.execPath, join(import.meta.dir, "../../src/gatehouse.ts"), "understand", ...args];
  const { stdout, stderr, exitCode } = Bun.spawnSync(command, { stdin: Buffer.from(input) });
  return { lines: stdout.toString().trim().split("\n"), error: stderr.toString(), exitCode };
}

const query = (id: string, asked: string, more: object) =>
  JSON.stringify({ id, asked, now: "2026-11-24T10:05:00Z", attempts: [[["", null]]], ...more });
const said = (...texts: string[]) => ({ attempts: texts.map((text) => [[text, null]]) });

test("every kind of item is answered, in the order of the questions", () => {
  const questions: [string, object, string | null][] = [
    ["postcode", said("w20 a b", "w2 0ab"), "W2 0AB"],
    ["name", said("john smith"), "John Smith"],
    ["surname", said("smith s m i t h"), "Smith"],
    ["birth-date", said("third of the fourth eighty two"), "1982-04-03"],
    ["phone", said("oh seven seven double oh nine hundred one two three"), "+447700900123"],
    ["date", said("saturday"), "2026-11-28"],
    ["time", said("half four"), "16:30"],
    ["money", { ...said("nine fifty"), context: "let" }, "950"],
    ["email", said("jane dot smith at gmail dot com"), "jane.smith@gmail.com"],
    ["address", said("14 larkspur avenue"), "14 Larkspur Avenue"],
    ["yes-no", said("yeah go on then"), "yes"],
    ["postcode", said("no idea"), null],
  ];
  const input = questions.map(([asked, more], at) => query(String(at), asked, more)).join("\n");
  const { lines, exitCode } = understand(`${input}\n\n`, "--json");
  const answers = lines.map((line) => JSON.parse(line));

  expect(answers.map(({ id }) => id)).toEqual(questions.map((_, at) => String(at)));
  expect(answers.map(({ value }) => value)).toEqual(questions.map(([, , value]) => value));
  for (const answer of answers) {
    expect(Object.keys(answer)).toEqual(["id", "value", "certainty", "wouldConfirm", "alternatives"]);
    expect(answer.certainty).toBeGreaterThanOrEqual(0);
    expect(answer.certainty).toBeLessThanOrEqual(1);
  }
  expect(exitCode).toBe(0);
});

test("a register file stands in where a question has none", () => {
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-register-"));
  const file = join(folder, "names.txt");
  writeFileSync(file, "Siobhan O'Neill\n\nJohn Smith\n");
  const question = query("1", "name", said("shavon oneil"));
  expect(JSON.parse(understand(question, "--register", file).lines[0] ?? "")).toMatchObject({
    value: "Siobhan O'Neill",
  });
  const own = JSON.parse(
    understand(query("1", "name", { ...said("jon smith"), register: [] }), "--register", file).lines[0] ?? "",
  );
  expect(own.value).toBe("Jon Smith");
  rmSync(folder, { recursive: true });
});

test.each([
  ["not json", "Line 2 is not JSON"],
  ['{"id":1}', 'Line 2, "id"'],
  [query("1", "shoe-size", {}), 'Line 2, "asked"'],
  [query("1", "time", { attempts: [[["x", 3]]] }), 'Line 2, "attempts.0.0.1"'],
  [query("1", "time", { now: "yesterday" }), 'Line 2, "now"'],
])("%s: the error names line and field", (line, message) => {
  const { error, exitCode } = understand(`${query("0", "time", said("two"))}\n${line}`);
  expect(error).toContain(message);
  expect(exitCode).toBe(2);
});

test("a register that cannot be read is an error that says so", () => {
  expect(understand("", "--register", "/nowhere/names.txt").error).toContain("/nowhere/names.txt cannot be read");
});
