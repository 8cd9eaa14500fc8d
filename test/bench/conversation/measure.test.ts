import { describe, expect, test } from "bun:test";
import { tone } from "../../caller/noises.ts";
import type { Recording } from "./call.ts";
import { figuresOf } from "./figures.ts";
import type { MeasuredCall } from "./level.ts";
import { type Measured, measured } from "./measure.ts";
import { figuresPage } from "./plot.ts";
import type { Move, Script } from "./script.ts";
import { framesOf, type Rendered } from "./sounds.ts";
import { markdownOf, tableOf } from "./table.ts";
import type { Told } from "./told.ts";

const [voice] = framesOf(tone(20, [440]));
const quiet = new Int16Array(160);

/** A channel of `ms`, loud in the spans given (ms); a packet every 20 ms from `performance.now()` 0. */
function channel(ms: number, ...loud: [number, number][]) {
  const atMs = Array.from({ length: ms / 20 }, (_, i) => i * 20);
  const isLoud = (at: number) => loud.some(([from, to]) => at >= from && at < to);
  return { atMs, frames: atMs.map((at) => (isLoud(at) ? (voice ?? quiet) : quiet)) };
}

const recording = (sent: [number, number][], received: [number, number][], marks: Recording["marks"]): Recording => ({
  sent: channel(12_000, ...sent),
  received: channel(12_000, ...received),
  marks,
  answeredAtMs: 0,
  status: undefined,
});
const script = (...moves: Move[]): Script => ({ index: 0, voice: "", moves });
const turn = (label: "hesitant" | "number" = "hesitant"): Move => ({ kind: "turn", label, pieces: [] });
/** One second of words, a pause of 600 ms, another second. */
const hesitating: Rendered = {
  samples: new Int16Array(0),
  heard: { from: 0, to: 130 },
  pauses: [{ ms: 600, from: 50, to: 80 }],
};
const spoken: [number, number][] = [
  [2_000, 3_000],
  [3_600, 4_600],
];
const mark = { move: 0, frame: 100 };
const measureOne = (received: [number, number][], told: Told[] = [], label: "hesitant" | "number" = "hesitant") =>
  measured(recording(spoken, received, [mark]), script(turn(label)), [hesitating], told)[0];

describe("a turn", () => {
  test("is answered from its last loud packet to the agent's first", () => {
    expect(
      measureOne([
        [0, 1_000],
        [5_000, 6_000],
      ]),
    ).toMatchObject({
      latencyMs: 420,
      pauses: [{ ms: 600, inNumber: false, cutOff: false }],
    });
  });

  test("is cut off if the agent begins before it is over, and answered when the agent begins anew", () => {
    const cut = measureOne([
      [3_400, 4_000],
      [5_400, 6_000],
    ]);
    expect(cut).toMatchObject({ latencyMs: 820, pauses: [{ cutOff: true }] });
  });

  test("an agent that is still speaking from before has neither cut it off nor answered it", () => {
    expect(measureOne([[1_000, 4_700]])).toMatchObject({ latencyMs: undefined, pauses: [{ cutOff: false }] });
  });

  test("its latency has parts where the executable told of them", () => {
    const event = (atMs: number, kind: "caption" | "turn"): Told => ({
      atMs,
      event:
        kind === "caption"
          ? { kind, callId: "a", text: "x" }
          : { kind, callId: "a", n: 1, heard: "x", said: "y", asks: null, slots: {} },
    });
    const told = [event(3_300, "caption"), event(4_780, "caption"), event(4_900, "turn"), event(6_000, "turn")];
    expect(measureOne([[5_000, 6_000]], told)).toMatchObject({ latencyMs: 420, textMs: 200, takenMs: 320 });
    expect(measureOne([[5_000, 6_000]], told.slice(2))).toMatchObject({ textMs: 320, takenMs: 320 });
    expect(measureOne([[5_000, 6_000]])).toMatchObject({ textMs: undefined, takenMs: undefined });
  });

  test("and with it go what was asked for before and all that was made of its words, by the time from its end", () => {
    const turn = (atMs: number, heard: string, asks: string): Told => ({
      atMs,
      event: { kind: "turn", callId: "a", n: 1, heard, said: "y", asks, slots: {} },
    });
    const caption = (atMs: number, text: string): Told => ({ atMs, event: { kind: "caption", callId: "a", text } });
    const told = [
      turn(900, "", "date"),
      caption(3_200, "on"),
      caption(4_700, "on Monday"),
      turn(4_900, "on Monday", "time"),
    ];
    const measured = measureOne([[5_000, 6_000]], told);
    expect(measured).toMatchObject({ asked: "date", pauses: [{ atMs: -1_600 }] });
    expect(measured).toHaveProperty("understood", [
      { atMs: -1_380, taken: false, text: "on" },
      { atMs: 120, taken: false, text: "on Monday" },
      { atMs: 320, taken: true, text: "on Monday" },
    ]);
  });
});

test("of words that were never heard undisturbed nothing is said, and silence is kept or not", () => {
  const cough: Move = { kind: "sound", sound: "cough", words: "", variant: 1, afterMs: 0 };
  const short: Rendered = { samples: new Int16Array(0), heard: { from: 0, to: 25 }, pauses: [] };
  const one = recording([[2_000, 2_500]], [[0, 4_000]], [mark]);
  expect(measured(one, script(cough), [short], [])).toEqual([{ kind: "unmeasured", move: 0 }]);
  const silent: Rendered = { samples: new Int16Array(0), heard: { from: 0, to: 0 }, pauses: [] };
  const still = (received: [number, number][]) =>
    measured(recording([], received, [mark]), script({ kind: "silence", ms: 3_000 }), [silent], []);
  expect(still([[0, 1_500]])).toEqual([{ kind: "silence", move: 0, agentSpoke: false }]);
  expect(still([[3_000, 3_500]])).toEqual([{ kind: "silence", move: 0, agentSpoke: true }]);
});

const call = (...events: Measured[]): MeasuredCall => ({
  index: 0,
  voice: "",
  greetingMs: 60,
  status: undefined,
  outcome: "booked",
  events,
});
const answered = (latencyMs: number | undefined, cutOff = false): Measured => ({
  kind: "turn",
  move: 0,
  label: "hesitant",
  latencyMs,
  textMs: undefined,
  takenMs: undefined,
  pauses: [{ ms: 300, atMs: -1_300, inNumber: false, cutOff }],
  asked: null,
  understood: [],
});

describe("the table", () => {
  const incomplete = { ...answered(2_000), label: "incomplete" } as Measured;
  const one = figuresOf(1, [call(answered(300), answered(700), answered(7_400, true), incomplete)], 0.25);
  const ten = figuresOf(10, [call(answered(850))], 0);
  const rows = tableOf([one, ten]);
  const cells = (what: string) => rows.find((row) => row.what === what)?.cells.map(({ text }) => text);

  test("counts unanswered turns, leaves incomplete ones out of voice to voice, and says by how much a goal is missed", () => {
    expect(cells("voice to voice: p50")).toEqual(["300 ms", "850 ms"]);
    expect(cells("voice to voice: p95")).toEqual(["700 ms, missed by 50", "850 ms"]);
    expect(cells("turns not answered within 5 s")).toEqual(["33.3 % (1 of 3), missed by 33.3", "0 % (0 of 1)"]);
    expect(cells("incomplete turns, answered after: p50")).toEqual(["2000 ms", "–"]);
    expect(cells("cut off in a pause of 300 ms")).toEqual(["25 % (1 of 4), missed by 15.1", "0 % (0 of 1)"]);
    expect(cells("cough taken as a turn")).toEqual(["–", "–"]);
    expect(cells("processor time taken by others on this machine")).toEqual(["25 %", "0 %"]);
  });

  test("has a cell for each level in every row, and a picture without a number that is none", () => {
    const columns = markdownOf([one, ten])
      .split("\n")
      .map((row) => row.split("|").length);
    expect(new Set(columns)).toEqual(new Set([6]));
    const svg = figuresPage([one, ten], [[300, 700], [850]]);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    expect(svg.match(/<g /g)?.length).toBe(svg.match(/<\/g>/g)?.length);
    expect(svg).toContain("Voice to voice");
  });
});
