/** What a final refusal of a leg's INVITE means for whoever wanted it answered. */
import type { LegEnd } from "../leg-ports.ts";

const byStatus: Readonly<Record<number, LegEnd>> = {
  401: "credentials",
  404: "unreachable",
  407: "credentials",
  408: "no-answer",
  410: "unreachable",
  416: "unreachable",
  480: "no-answer",
  482: "looped",
  483: "looped",
  484: "unreachable",
  485: "unreachable",
  486: "busy",
  487: "no-answer",
  488: "media",
  600: "busy",
  604: "unreachable",
  606: "media",
};

/** @param status From 300 on. A redirection is a failure: nobody may send our legs elsewhere. */
export function endOfRefusal(status: number): LegEnd {
  const known = byStatus[status];
  if (known !== undefined) return known;
  if (status < 400 || (status >= 500 && status < 600)) return "unreachable";
  return "declined";
}
