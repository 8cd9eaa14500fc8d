/** The figures as pictures: SVG written here, so that a bench needs nothing to draw with. Pure. */
import type { LevelFigures, Share } from "./figures.ts";

const [width, height] = [520, 300];
const [left, right, top, bottom] = [64, 28, 34, 60];
const colours = ["#2f6f9f", "#c2571a", "#6b8e23", "#7a4d8f"] as const;

export type Series = { name: string; values: readonly number[] };
export type Limit = { name: string; value: number };

const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

type Text = { at: readonly [number, number]; anchor?: "start" | "middle" | "end"; size?: number; colour?: string };
const text = (what: string, { at: [x, y], anchor = "start", size = 11, colour = "#333" }: Text) =>
  `<text x="${x}" y="${y}" text-anchor="${anchor}" font-size="${size}" fill="${colour}">${escaped(what)}</text>`;

const line = (points: readonly (readonly [number, number])[], style: string) =>
  `<polyline points="${points.map(([x, y]) => `${round(x)},${round(y)}`).join(" ")}" fill="none" ${style}/>`;

const round = (value: number) => Number(value.toFixed(1));

/** 1, 2 or 5 times a power of ten, so that there are about five steps. */
function stepOf(most: number): number {
  const rough = most / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  return (rough / power > 5 ? 10 : rough / power > 2 ? 5 : rough / power > 1 ? 2 : 1) * power;
}

/** From 0 to at least the largest of all. */
function axis(values: readonly number[], unit: string) {
  const most = Math.max(1, ...values.filter((value) => Number.isFinite(value))) * 1.05;
  const step = stepOf(most);
  const y = (value: number) => height - bottom - (value / most) * (height - top - bottom);
  const ticks = Array.from({ length: Math.floor(most / step) + 1 }, (_, i) => i * step);
  const drawn = ticks.flatMap((value) => [
    line([[left, y(value)] as const, [width - right, y(value)] as const], 'stroke="#ddd"'),
    text(`${round(value)}${unit}`, { at: [left - 6, y(value) + 4], anchor: "end" }),
  ]);
  return { y, drawn };
}

function frame(title: string, parts: readonly string[]): string {
  return [
    `<g font-family="sans-serif"><rect width="${width}" height="${height}" fill="#fff"/>`,
    text(title, { at: [left, 18], size: 13, colour: "#000" }),
    ...parts,
    "</g>",
  ].join("\n");
}

const legend = (names: readonly string[]) =>
  names.map((name, i) =>
    text(`■ ${name}`, { at: [left + i * 112, height - 10], colour: colours[i % colours.length] ?? "#333" }),
  );

const dashed = (limits: readonly Limit[], y: (value: number) => number) =>
  limits.flatMap(({ name, value }) => [
    line([[left, y(value)] as const, [width - right, y(value)] as const], 'stroke="#b00" stroke-dasharray="5 4"'),
    text(name, { at: [width - right, y(value) - 4], anchor: "end", size: 10, colour: "#b00" }),
  ]);

/** Values over numbers of calls at once, evenly apart. */
export function lines(
  title: string,
  at: readonly number[],
  series: readonly Series[],
  { limits = [], unit = "" }: { limits?: readonly Limit[]; unit?: string } = {},
): string {
  const { y, drawn } = axis([...series.flatMap(({ values }) => values), ...limits.map(({ value }) => value)], unit);
  const x = (i: number) => left + ((i + 0.5) * (width - left - right)) / at.length;
  const curves = series.flatMap(({ values }, nth) => {
    const colour = colours[nth % colours.length] ?? "#333";
    const points = values.flatMap((value, i) => (Number.isFinite(value) ? [[x(i), y(value)] as const] : []));
    return [
      line(points, `stroke="${colour}" stroke-width="2"`),
      ...points.map(([px, py]) => `<circle cx="${round(px)}" cy="${round(py)}" r="3" fill="${colour}"/>`),
    ];
  });
  const below = at.map((calls, i) => text(String(calls), { at: [x(i), height - bottom + 16], anchor: "middle" }));
  const axisName = text("calls at once", { at: [(left + width - right) / 2, height - bottom + 32], anchor: "middle" });
  const names = series.map(({ name }) => name);
  return frame(title, [...drawn, ...dashed(limits, y), ...curves, ...below, axisName, ...legend(names)]);
}

/** Each value as a bar, its own limit as a mark across it. */
export function bars(
  title: string,
  values: readonly { name: string; value: number; label: string; limit: number }[],
  unit: string,
): string {
  const { y, drawn } = axis([...values.flatMap(({ value, limit }) => [value, limit])], unit);
  const each = (width - left - right) / values.length;
  const columns = values.flatMap(({ name, value, label, limit }, i) => {
    const x = left + i * each + each * 0.2;
    const known = Number.isFinite(value) ? value : 0;
    const colour = known > limit ? colours[1] : colours[2];
    return [
      `<rect x="${round(x)}" y="${round(y(known))}" width="${round(each * 0.6)}" height="${round(y(0) - y(known))}" fill="${colour}"/>`,
      line([[x - 6, y(limit)] as const, [x + each * 0.6 + 6, y(limit)] as const], 'stroke="#b00" stroke-width="2"'),
      text(label, { at: [x + each * 0.3, y(Math.max(known, limit)) - 5], anchor: "middle", size: 10 }),
      text(name, { at: [x + each * 0.3, height - bottom + 16], anchor: "middle", size: 10 }),
    ];
  });
  const note = text("red: what the goal allows", { at: [left, height - 10], size: 10, colour: "#b00" });
  return frame(title, [...drawn, ...columns, note]);
}

/** Shares of values at or below each value, one curve a series. */
export function cumulative(title: string, series: readonly Series[], mostMs: number): string {
  const { y, drawn } = axis([100], "%");
  const x = (value: number) => left + (Math.min(value, mostMs) / mostMs) * (width - left - right);
  const curves = series.map(({ values }, nth) => {
    const sorted = values.filter((value) => Number.isFinite(value)).toSorted((a, b) => a - b);
    const points = sorted.flatMap((value, i): (readonly [number, number])[] => [
      [x(value), y((100 * i) / sorted.length)],
      [x(value), y((100 * (i + 1)) / sorted.length)],
    ]);
    return line(points, `stroke="${colours[nth % colours.length]}" stroke-width="1.5" opacity="${1 - 0.12 * nth}"`);
  });
  const step = stepOf(mostMs);
  const ticks = Array.from({ length: Math.floor(mostMs / step) + 1 }, (_, i) => i * step);
  const below = ticks.map((value) => text(`${value} ms`, { at: [x(value), height - bottom + 16], anchor: "middle" }));
  return frame(title, [...drawn, ...curves, ...below, ...legend(series.map(({ name }) => name))]);
}

/** Panels two in a row. */
export function page(panels: readonly string[]): string {
  const rows = Math.ceil(panels.length / 2);
  const placed = panels.map(
    (panel, i) => `<g transform="translate(${(i % 2) * width} ${Math.floor(i / 2) * height})">${panel}</g>`,
  );
  const size = `width="${2 * width}" height="${rows * height}" viewBox="0 0 ${2 * width} ${rows * height}"`;
  return `<svg xmlns="http://www.w3.org/2000/svg" ${size}>\n${placed.join("\n")}\n</svg>\n`;
}

const percentOf = ({ n, of }: Share) => (100 * n) / of;

/** All that the table says with a goal, on one page; `latencies` are those of each level's turns, in ms. */
export function figuresPage(levels: readonly LevelFigures[], latencies: readonly (readonly number[])[]): string {
  const at = levels.map(({ atOnce }) => atOnce);
  const over = (name: string, of: (level: LevelFigures) => number): Series => ({ name, values: levels.map(of) });
  const pooled = (of: (level: LevelFigures) => Share): Share => ({
    n: levels.reduce((sum, level) => sum + of(level).n, 0),
    of: levels.reduce((sum, level) => sum + of(level).of, 0),
  });
  const bar = (name: string, limit: number, of: (level: LevelFigures) => Share) => {
    const all = pooled(of);
    return { name, value: percentOf(all), label: `${all.n} of ${all.of}`, limit };
  };
  return page([
    lines(
      "Voice to voice",
      at,
      [
        over("p50", ({ voiceToVoice }) => voiceToVoice.p50),
        over("p95", ({ voiceToVoice }) => voiceToVoice.p95),
        over("p99", ({ voiceToVoice }) => voiceToVoice.p99),
      ],
      {
        limits: [
          { name: "p95 at 1 call", value: 650 },
          { name: "p95 at 10 calls", value: 900 },
        ],
        unit: " ms",
      },
    ),
    cumulative(
      "Voice to voice: turns answered within",
      levels.map(({ atOnce }, i) => ({ name: `${atOnce} at once`, values: latencies[i] ?? [] })).slice(0, 4),
      2_000,
    ),
    lines(
      "Where the time goes (p95)",
      at,
      [
        over("words known", ({ text }) => text.p95),
        over("turn taken", ({ waited }) => waited.p95),
        over("voice", ({ voice }) => voice.p95),
      ],
      { unit: " ms" },
    ),
    lines(
      "Interrupted: silent after",
      at,
      [over("p50", ({ interrupted }) => interrupted.p50), over("p95", ({ interrupted }) => interrupted.p95)],
      {
        limits: [
          { name: "p50", value: 150 },
          { name: "p95", value: 250 },
        ],
        unit: " ms",
      },
    ),
    bars(
      "Cut off in mid-turn, all levels",
      [
        bar("300 ms", 9.9, ({ cutOff }) => cutOff.at300),
        bar("600 ms", 4.5, ({ cutOff }) => cutOff.at600),
        bar("in numbers", 2, ({ cutOff }) => cutOff.inNumbers),
      ],
      " %",
    ),
    bars(
      "Taken as a turn, all levels",
      [
        bar("backchannel", 5, ({ sounds }) => sounds.backchannel.wrong),
        bar("cough", 10, ({ sounds }) => sounds.cough.wrong),
        bar("side talk", 20, ({ sounds }) => sounds["side talk"].wrong),
      ],
      " %",
    ),
  ]);
}
