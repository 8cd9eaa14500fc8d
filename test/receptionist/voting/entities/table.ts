/**
 * How well items are understood, by kind and source: `bun test/receptionist/voting/entities/table.ts [--items N]
 * [--seed S] [--kind KIND] [--wrong]`. N items of each kind (1,000); --wrong prints what went wrong.
 */
import { parseArgs } from "node:util";
import { type Item, itemsOf, kinds } from "./items.ts";
import { count, noScore, type Score } from "./score.ts";

const { values } = parseArgs({
  options: {
    items: { type: "string", default: "1000" },
    seed: { type: "string", default: "1" },
    kind: { type: "string" },
    wrong: { type: "boolean", default: false },
  },
});

const scores = new Map<string, Score>();
const scoreOf = (key: string): Score => {
  const score = scores.get(key) ?? noScore();
  scores.set(key, score);
  return score;
};

for (const kind of kinds) {
  if (values.kind !== undefined && kind.kind !== values.kind) continue;
  for (const item of itemsOf(kind, Number(values.items), Number(values.seed))) {
    const score = scoreOf(`${item.kind.padEnd(11)} ${item.source.padEnd(12)}`);
    const { right, silent, confirmed } = score;
    const decision = count(item, score);
    const mark =
      score.silent > silent ? "SILENT" : score.right > right ? "" : score.confirmed > confirmed ? "asked" : "wrong";
    if (values.wrong && mark !== "")
      show(item, mark, [decision.value, ...decision.alternatives.slice(0, 3).map((one) => one.value)]);
  }
}

function show({ kind, truth, attempts, register }: Item, mark: string, got: readonly (string | null)[]): void {
  console.info(
    `${mark} ${kind} ${truth} ${register.length > 0 ? (register.includes(truth) ? "known" : "unknown") : "-"} → ${got.join(" | ")}`,
  );
  for (const attempt of attempts) console.info(`    ${attempt.map(([text]) => text).join(" / ")}`);
}

const percent = (part: number, whole: number): string =>
  `${((100 * part) / Math.max(1, whole)).toFixed(1)}`.padStart(6);
console.info(
  "kind        source            n   held  right unasked ≤1 ask silent  certainty/right  repeated: all, best one    ms",
);
const total = noScore();
for (const [key, score] of scores) {
  const one = Math.max(...score.byEach.slice(0, 2));
  console.info(
    `${key} ${String(score.n).padStart(6)} ${percent(score.held, score.n)} ${percent(score.right, score.n)}  ${percent(score.unasked, score.n)} ${percent(score.confirmed, score.n)} ${String(score.silent).padStart(6)}     ${percent(score.certainty, score.n)}/${percent(score.right, score.n).trim()}         ${percent(score.byAll, score.repeated)} ${percent(one, score.repeated)}         ${(score.ms / score.n).toFixed(2)}`,
  );
  total.n += score.n;
  total.silent += score.silent;
}
console.info(`${total.n} items, ${total.silent} silently wrong`);
