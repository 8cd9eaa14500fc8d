import { expect, test } from "bun:test";
import { type Move, scriptsOf } from "./script.ts";

const days = ["Tuesday", "Wednesday", "Thursday", "Friday"];

test("the same seed gives the same calls, however many are asked for; another seed gives others", () => {
  const twenty = scriptsOf(7, 20, days);
  expect(scriptsOf(7, 20, days)).toEqual(twenty);
  expect(scriptsOf(7, 5, days)).toEqual(twenty.slice(0, 5));
  expect(scriptsOf(8, 20, days)).not.toEqual(twenty);
});

test("twenty calls hold every kind of turn, pause and sound, each sound about as often", () => {
  const moves = scriptsOf(1, 20, days).flatMap((script) => script.moves);
  const turns = moves.filter((move) => move.kind === "turn");
  expect(new Set(turns.map(({ label }) => label))).toEqual(new Set(["plain", "hesitant", "number", "incomplete"]));
  const pauses = (label: string) =>
    turns
      .filter((turn) => turn.label === label)
      .flatMap(({ pieces }) => pieces.flatMap((p) => ("pauseMs" in p ? [p.pauseMs] : [])));
  expect(new Set(pauses("hesitant"))).toEqual(new Set([300, 600]));
  expect(pauses("number").every((ms) => ms >= 600 && ms <= 1_000 && ms % 20 === 0)).toBe(true);
  const sounds = (kind: string) => moves.filter((move) => move.kind === "sound" && move.sound === kind).length;
  expect([sounds("backchannel"), sounds("cough"), sounds("side talk")]).toEqual([13, 14, 13]);
  expect(moves.filter(({ kind }) => kind === "barge-in")).toHaveLength(20);
  expect(moves.filter(({ kind }) => kind === "silence")).toHaveLength(5);
});

test("no two of twenty callers want the same department at the same time", () => {
  const wanted = scriptsOf(1, 20, days).map(({ moves }) => {
    const said = moves.map(wordsOf).join(" ");
    const when = /(Tuesday|Wednesday|Thursday|Friday).*?(half past \w+|quarter past \w+|twelve o'clock)/.exec(said);
    return `${said.includes("Station Road") ? "lettings" : "sales"} ${when?.[1]} ${when?.[2]}`;
  });
  expect(new Set(wanted).size).toBe(20);
});

test("a brief call has a hesitation, a cough and words that interrupt", () => {
  const [brief] = scriptsOf(1, 1, days, true);
  expect(brief?.moves.map((move) => (move.kind === "turn" ? move.label : move.kind))).toEqual([
    "hesitant",
    "plain",
    "sound",
    "plain",
    "plain",
    "barge-in",
  ]);
});

function wordsOf(move: Move): string {
  if (move.kind === "turn") return move.pieces.map((piece) => ("words" in piece ? piece.words : "")).join(" ");
  return move.kind === "silence" ? "" : move.words;
}
