/** What the words for a time come to. */
import type { Clock } from "../../agency/types.ts";

export type TimeReading =
  | { kind: "at"; clock: Clock; certainty: number }
  /** "after two", "in the morning", "between two and four": starts in [from, until). */
  | { kind: "between"; from: Clock; until: Clock }
  /** "whenever", "as early as you can" / "last thing". */
  | { kind: "earliest" }
  | { kind: "latest" };

export type TimeAt = { reading: TimeReading; from: number; to: number };

/** Opening hours of the day in question (of a usual day, while no day is known): they decide what "four" means. */
export type OpenHours = { opens: Clock; closes: Clock };
