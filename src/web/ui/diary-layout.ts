/** Where viewings lie in a column of the diary. Pure. */
import type { Diary } from "../api/shapes.ts";

/** Minutes since midnight of "HH:MM" or of a local time. */
export function minutesOf(time: string): number {
  const clock = time.length > 5 ? time.slice(11, 16) : time;
  return Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5));
}

export type Placed<T> = { item: T; lane: number; lanes: number };
type Timed = { start: string; minutes: number };

/**
 * Puts what overlaps side by side: each item gets the first free lane, and as many lanes as its cluster needs.
 * Times within one day.
 */
export function placeSideBySide<T extends Timed>(items: readonly T[]): Placed<T>[] {
  const sorted = [...items].sort((a, b) => minutesOf(a.start) - minutesOf(b.start) || b.minutes - a.minutes);
  const placed: Placed<T>[] = [];
  let cluster: Placed<T>[] = [];
  let laneEnds: number[] = [];
  const closeCluster = () => {
    for (const entry of cluster) entry.lanes = laneEnds.length;
    placed.push(...cluster);
    cluster = [];
    laneEnds = [];
  };
  for (const item of sorted) {
    const start = minutesOf(item.start);
    if (laneEnds.every((end) => end <= start)) closeCluster();
    const free = laneEnds.findIndex((end) => end <= start);
    const lane = free === -1 ? laneEnds.length : free;
    laneEnds[lane] = start + item.minutes;
    cluster.push({ item, lane, lanes: 1 });
  }
  closeCluster();
  return placed;
}

export type Hours = { from: number; until: number };

/** Whole hours that hold every opening time and every viewing of those days. Minutes since midnight. */
export function hoursShown({ days, viewings }: Pick<Diary, "days" | "viewings">): Hours {
  const opens = days.flatMap(({ open }) => (open ? [minutesOf(open[0])] : []));
  const closes = days.flatMap(({ open }) => (open ? [minutesOf(open[1])] : []));
  const from = Math.min(9 * 60, ...opens, ...viewings.map(({ start }) => minutesOf(start)));
  const until = Math.max(17 * 60, ...closes, ...viewings.map(({ start, minutes }) => minutesOf(start) + minutes));
  return { from: Math.floor(from / 60) * 60, until: Math.ceil(until / 60) * 60 };
}
