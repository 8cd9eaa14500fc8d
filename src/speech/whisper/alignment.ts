/** When each token was said, from where the decoder looked while it wrote it: dynamic time warping. Pure. */
import type { Span } from "./words.ts";

/** Attention of every head, `[heads, rows, positions]` one after another. A row is a token that was fed. */
export type Attention = { weights: Float32Array; heads: number; rows: number; positions: number };

/** Smooths over 0.14 s, as OpenAI's program does: single frames jump. */
const medianWidth = 7;

/**
 * @param firstRow The row that looks for the first text token: that of the last token before it. One for each text token
 *   and one for the end follow from there.
 * @param used Positions that hold sound; the rest is padding.
 * @returns For each text token the positions from where it begins to where the next does.
 */
export function alignTokens(attention: Attention, firstRow: number, used: number): Span[] {
  const { rows, positions } = attention;
  const columns = Math.min(used, positions);
  const texts = rows - firstRow - 1; // the end token's own row looks for nothing
  if (texts <= 1 || columns === 0) return [];
  const starts = warp(closeness(attention, columns), columns, firstRow, texts);
  return Array.from({ length: texts - 1 }, (_, at) => ({ from: starts[at] ?? 0, to: starts[at + 1] ?? columns }));
}

/** Mean over the heads of what each row sees more of than the other rows do, smoothed along time: `[rows, columns]`. */
function closeness({ weights, heads, rows, positions }: Attention, columns: number): Float64Array {
  const mean = new Float64Array(rows * columns);
  const scores = new Float64Array(rows * columns);
  for (let head = 0; head < heads; head++) {
    const at = (row: number, column: number) => weights[(head * rows + row) * positions + column] as number;
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      let squares = 0;
      for (let row = 0; row < rows; row++) {
        sum += at(row, column);
        squares += at(row, column) ** 2;
      }
      const average = sum / rows;
      const deviation = Math.sqrt(Math.max(squares / rows - average ** 2, 1e-18));
      for (let row = 0; row < rows; row++) scores[row * columns + column] = (at(row, column) - average) / deviation;
    }
    for (let row = 0; row < rows; row++) {
      const smooth = median(scores.subarray(row * columns, (row + 1) * columns));
      for (let column = 0; column < columns; column++) {
        const index = row * columns + column;
        mean[index] = (mean[index] as number) + (smooth[column] as number) / heads;
      }
    }
  }
  return mean;
}

/** Beyond the edges the row is mirrored. */
function median(row: Float64Array): Float64Array {
  const half = (medianWidth - 1) / 2;
  if (row.length <= half) return row;
  const last = row.length - 1;
  const mirrored = (at: number) => row[at < 0 ? -at : at > last ? 2 * last - at : at] as number;
  return row.map((_, at) => {
    const around = Float64Array.from({ length: medianWidth }, (_value, i) => mirrored(at - half + i)).sort();
    return around[half] as number;
  });
}

/** The cheapest way through time that visits all rows in order. @returns The column in which each is entered. */
function warp(close: Float64Array, columns: number, firstRow: number, texts: number): number[] {
  const width = columns + 1;
  const cost = new Float64Array((texts + 1) * width).fill(Number.POSITIVE_INFINITY);
  cost[0] = 0;
  for (let row = 1; row <= texts; row++) {
    for (let column = 1; column <= columns; column++) {
      const [diagonal, up, left] = before(cost, row, column, width);
      const own = -(close[(firstRow + row - 1) * columns + column - 1] as number);
      cost[row * width + column] = own + Math.min(diagonal, up, left);
    }
  }
  const starts = new Array<number>(texts).fill(0);
  let row = texts;
  let column = columns;
  while (row > 0 && column > 0) {
    starts[row - 1] = column - 1;
    const [diagonal, up, left] = before(cost, row, column, width);
    if (left < diagonal && left < up) column--;
    else if (up < diagonal) row--;
    else {
      row--;
      column--;
    }
  }
  return starts;
}

function before(cost: Float64Array, row: number, column: number, width: number): [number, number, number] {
  return [
    cost[(row - 1) * width + column - 1] as number,
    cost[(row - 1) * width + column] as number,
    cost[row * width + column - 1] as number,
  ];
}
