/** The figures as a table with their targets: a column for each number of calls at once. Pure. */
import type { LevelFigures, Share, Spread } from "./figures.ts";

/** `atMost`: what the figure may be, and up to how many calls at once that is asked for. */
type Target = { atMost: number; upTo: number };

export type Cell = { value: number; text: string; missedBy: number | undefined };
export type Row = { what: string; goal: string; cells: Cell[] };

type Line = {
  what: string;
  unit: "ms" | "%" | "";
  of(level: LevelFigures): number | Share;
  targets?: readonly Target[];
};

const everywhere = Number.POSITIVE_INFINITY;
const always = (atMost: number): Target[] => [{ atMost, upTo: everywhere }];

const ms = (what: string, of: (level: LevelFigures) => number, targets: readonly Target[] = []): Line => ({
  what,
  unit: "ms",
  of,
  targets,
});
const percent = (what: string, of: (level: LevelFigures) => Share, targets: readonly Target[] = []): Line => ({
  what,
  unit: "%",
  of,
  targets,
});
const spreads = (what: string, of: (level: LevelFigures) => Spread): Line[] => [
  ms(`${what}: p50`, (level) => of(level).p50),
  ms(`${what}: p95`, (level) => of(level).p95),
];

/** Targets: those of the project's goals; what has none is there to explain what has. */
const lines: readonly Line[] = [
  { what: "calls", unit: "", of: ({ calls }) => calls },
  { what: "calls refused", unit: "", of: ({ refused }) => refused },
  percent("calls that ended in the booking", ({ booked }) => booked),
  percent("turns not answered within 5 s", ({ unanswered }) => unanswered, always(0)),
  ms("voice to voice: p50", ({ voiceToVoice }) => voiceToVoice.p50, [{ atMost: 400, upTo: 1 }]),
  ms("voice to voice: p95", ({ voiceToVoice }) => voiceToVoice.p95, [
    { atMost: 650, upTo: 1 },
    { atMost: 900, upTo: 10 },
  ]),
  ms("voice to voice: p99", ({ voiceToVoice }) => voiceToVoice.p99, [{ atMost: 1_000, upTo: 1 }]),
  ...spreads("incomplete turns, answered after", ({ incomplete }) => incomplete),
  percent("cut off in a pause of 300 ms", ({ cutOff }) => cutOff.at300, always(9.9)),
  percent("cut off in a pause of 600 ms", ({ cutOff }) => cutOff.at600, always(4.5)),
  percent("cut off inside a number", ({ cutOff }) => cutOff.inNumbers, always(2)),
  ms("interrupted, silent after: p50", ({ interrupted }) => interrupted.p50, always(150)),
  ms("interrupted, silent after: p95", ({ interrupted }) => interrupted.p95, always(250)),
  percent("real words spoken over", ({ spokenOver }) => spokenOver),
  percent("backchannel taken as a turn", ({ sounds }) => sounds.backchannel.wrong, always(5)),
  percent("cough taken as a turn", ({ sounds }) => sounds.cough.wrong, always(10)),
  percent("side talk taken as a turn", ({ sounds }) => sounds["side talk"].wrong, always(20)),
  ...(["backchannel", "cough", "side talk"] as const).flatMap((kind): Line[] => [
    percent(`${kind}: the agent stopped`, ({ sounds }) => sounds[kind].stopped),
    percent(`${kind}: its words from the beginning`, ({ sounds }) => sounds[kind].repeated),
    ms(`${kind}: spoke on after, p50`, ({ sounds }) => sounds[kind].resumed.p50, always(300)),
    ms(`${kind}: spoke on after, p95`, ({ sounds }) => sounds[kind].resumed.p95),
  ]),
  percent("disturbances that could not be measured", ({ unmeasured }) => unmeasured),
  percent("spoke into 3 s of silence", ({ spokeIntoSilence }) => spokeIntoSilence, always(0)),
  ...spreads("end of speech → its words known (STT)", ({ text }) => text),
  ...spreads("words known → turn taken", ({ waited }) => waited),
  ...spreads("turn taken → first sound (TTS)", ({ voice }) => voice),
  ms("answer → greeting: p95", ({ greeting }) => greeting.p95, always(200)),
  { what: "processor time taken by others on this machine", unit: "%", of: ({ othersPercent }) => othersPercent },
];

export function tableOf(levels: readonly LevelFigures[]): Row[] {
  return lines.map((line) => ({
    what: line.what,
    goal: (line.targets ?? []).map((target) => goalOf(target, line.unit)).join(", "),
    cells: levels.map((level) => cellOf(line, level)),
  }));
}

function goalOf({ atMost, upTo }: Target, unit: Line["unit"]): string {
  const where = upTo === everywhere ? "" : upTo === 1 ? " at 1 call" : ` at ${upTo} calls`;
  return `≤ ${atMost}${unit === "" ? "" : ` ${unit}`}${where}`;
}

function cellOf({ unit, of, targets }: Line, level: LevelFigures): Cell {
  const figure = of(level);
  const value = typeof figure === "number" ? figure : (100 * figure.n) / figure.of;
  const target = targets?.find(({ upTo }) => level.atOnce <= upTo);
  const over = target === undefined ? 0 : value - target.atMost;
  const missedBy = over > 0 ? over : undefined;
  const plain = Number.isNaN(value) ? "–" : `${round(value)} ${unit}`.trim();
  const counted = typeof figure === "number" || figure.of === 0 ? plain : `${plain} (${figure.n} of ${figure.of})`;
  const text = missedBy === undefined ? counted : `${counted}, missed by ${round(missedBy)}`;
  return { value, text, missedBy };
}

const round = (value: number) => Number(value.toFixed(1));

export function markdownOf(levels: readonly LevelFigures[]): string {
  const heads = levels.map(({ atOnce }) => `${atOnce} ${atOnce === 1 ? "call" : "calls"}`);
  return [
    `| at once: | ${heads.join(" | ")} | goal |`,
    `|---|${heads.map(() => "---|").join("")}---|`,
    ...tableOf(levels).map(
      ({ what, goal, cells }) => `| ${what} | ${cells.map(({ text }) => text).join(" | ")} | ${goal} |`,
    ),
  ].join("\n");
}
