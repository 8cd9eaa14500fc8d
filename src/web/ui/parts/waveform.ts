import type { Peaks } from "../../api/shapes.ts";

/** Speech is seldom louder than this share of full scale; louder is cut. */
const fullScale = 0.7;
const barWidth = 2;
const barGap = 1;

/** The caller above the middle line, the agent below; what has been played is in full colour. `share` 0…1. */
export function drawWaveform(canvas: HTMLCanvasElement, peaks: Peaks, share: number): void {
  const { clientWidth: width, clientHeight: height } = canvas;
  const scale = devicePixelRatio;
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  const context = canvas.getContext("2d");
  if (context === null || width === 0) return;
  context.scale(scale, scale);
  const style = getComputedStyle(canvas);
  const colours = { caller: style.getPropertyValue("--caller"), agent: style.getPropertyValue("--accent") };
  const bars = Math.floor(width / (barWidth + barGap));
  const middle = height / 2;
  for (let bar = 0; bar < bars; bar++) {
    context.globalAlpha = bar / bars < share ? 1 : 0.4;
    const heightOf = (side: number[]) => Math.max(1, Math.min(1, loudest(side, bar, bars) / fullScale) * (middle - 1));
    const up = heightOf(peaks.caller);
    context.fillStyle = colours.caller;
    context.fillRect(bar * (barWidth + barGap), middle - up, barWidth, up);
    context.fillStyle = colours.agent;
    context.fillRect(bar * (barWidth + barGap), middle + 1, barWidth, heightOf(peaks.agent));
  }
}

function loudest(side: number[], bar: number, bars: number): number {
  const from = Math.floor((bar / bars) * side.length);
  const until = Math.max(from + 1, Math.floor(((bar + 1) / bars) * side.length));
  return Math.max(0, ...side.slice(from, until));
}
