/**
 * Which words the demo model mistakes, and for what: `bun test/lab/confusions.ts [--voices N] [--lines N] [--write]`.
 * Every line of the lab's callers is said by N of their voices (2), sent through A-law and heard as in a call; the words
 * heard are laid against the words said; numbers that are written in figures
 * and letters that are written as one word are left out. --write puts the table where `gatehouse lab run --noise` reads it.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openLineEars } from "../../src/cli/lab/line-ears.ts";
import { openLab } from "../../src/cli/lab/suites.ts";
import { callerVoices, openMouth } from "../../src/cli/lab/voices.ts";
import { aligned, wordsOf } from "./aligned.ts";

const { values } = parseArgs({
  options: {
    voices: { type: "string", default: "2" },
    lines: { type: "string" },
    write: { type: "boolean", default: false },
  },
});

const numberWord =
  /^(?:zero|oh|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|\w+teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty(?:-\w+)?|hundred|thousand|and|pounds?|double|treble|first|second|third|\w+th|\d+)$/;

const lab = openLab(undefined);
const lines = [...new Set(linesOf())].slice(0, Number(values.lines ?? Number.POSITIVE_INFINITY));
const nodeModules = join(import.meta.dir, "../../node_modules");
const names = [...Object.values(lab.words.addresses), ...lab.seed.staff.map(({ name }) => name)];
const [mouth, lanes] = await Promise.all([openMouth(), openLineEars(nodeModules, 2, names)]);
const heardFor = new Map<string, { said: number; others: Map<string, number> }>();
const patient = { patience: () => 1_200, expectsAddress: () => true };

const jobs = lines.flatMap((line, index) =>
  Array.from({ length: Number(values.voices) }, (_, n) => ({
    line,
    voice: callerVoices[(index + n * 2) % callerVoices.length] ?? "gmw/en",
  })),
);
let [words, wrong, done] = [0, 0, 0];
await Promise.all(
  lanes.map(async (ears) => {
    for (let job = jobs.shift(); job !== undefined; job = jobs.shift()) {
      const heard = await ears.hear(mouth(job.line, job.voice), patient);
      count(wordsOf(job.line), wordsOf(heard.map(({ text }) => text).join(" ")));
      if (++done % 200 === 0) process.stderr.write(`${done}, ${jobs.length} to go, ${wrong} of ${words} words wrong\n`);
    }
    await ears.close();
  }),
);

function count(said: readonly string[], heard: readonly string[]): void {
  for (const [word, other] of aligned(said, heard)) {
    if (isWrittenOtherwise(word, other)) continue;
    const known = heardFor.get(word) ?? { said: 0, others: new Map<string, number>() };
    heardFor.set(word, known);
    known.said++;
    words++;
    if (other === word) continue;
    wrong++;
    known.others.set(other, (known.others.get(other) ?? 0) + 1);
  }
}

/** A number in figures, or letters that were spelled and are written as one, cannot be judged word by word. */
function isWrittenOtherwise(word: string, other: string): boolean {
  const isLetter = /^[b-hj-z]$/.test(word);
  return (numberWord.test(word) || isLetter) && (other === "" || /[\d-]/.test(other));
}

function* linesOf(): Generator<string> {
  for (const { scenarios } of lab.rows) {
    for (const { opening, facts, replies } of scenarios) {
      yield* opening;
      yield* Object.values(facts).flat();
      yield* replies.map(({ say }) => say);
    }
  }
  const { ways, manners } = lab.words;
  for (const { names: said, phones, pieces, spelled } of Object.values(ways.people))
    yield* [...said, ...phones, ...pieces, spelled];
  for (const table of [ways.properties, ways.dates, ways.times]) yield* Object.values(table).flat();
  yield* Object.values(manners).flat();
}

console.log(`${words} words said, ${wrong} wrong: ${((100 * wrong) / words).toFixed(1)} %`);
const worst = [...heardFor].sort(([, a], [, b]) => total(b.others) - total(a.others)).slice(0, 25);
for (const [word, { said, others }] of worst) {
  const for_ = [...others].sort(([, a], [, b]) => b - a).slice(0, 5);
  console.log(
    `${word.padEnd(14)} ${total(others)} of ${said}: ${for_.map(([other, n]) => `${other || "–"} ${n}`).join(", ")}`,
  );
}
if (values.write) {
  const table = Object.fromEntries(
    [...heardFor]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([word, { said, others }]) => [word, [said, Object.fromEntries(others)]]),
  );
  const head = `{\n  "model": "demo-whisper int8 over A-law",\n  "words": ${words},\n  "wrong": ${wrong / words},\n  "heardFor": {\n`;
  const body = Object.entries(table)
    .map(([word, entry]) => `    ${JSON.stringify(word)}: ${JSON.stringify(entry)}`)
    .join(",\n");
  writeFileSync(join(import.meta.dir, "../../src/lab/suites/confusions.json"), `${head}${body}\n  }\n}\n`);
}

function total(others: ReadonlyMap<string, number>): number {
  return [...others.values()].reduce((sum, n) => sum + n, 0);
}
