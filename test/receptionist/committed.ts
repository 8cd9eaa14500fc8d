import type { Action, Done } from "../../src/receptionist/contract.ts";

/** What a desk answers that refuses nothing and knows of no appointments. */
export function committed(action: Action["kind"], start = "2026-11-28T14:30"): Done {
  switch (action) {
    case "book-viewing":
      return { action, id: "v1", start, awaiting: undefined };
    case "book-valuation":
      return { action, start };
    case "move-appointment":
      return { action, start, awaiting: undefined };
    case "open-ticket":
      return { action, due: "2026-12-24" };
    case "find-appointments":
      return { action, found: [] };
    default:
      return { action };
  }
}
