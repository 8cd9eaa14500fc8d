/** Keys instead of words. */
import type { Draft } from "./draft.ts";

/** What pressing `digits` says, as words that the understanding reads; undefined where keys mean nothing. */
export function keysAsWords({ state }: Draft, digits: string): string | undefined {
  const keys = digits.replace(/[^0-9*]/g, "");
  const { phase } = state;
  if (phase.kind === "transferring" && keys.includes("*")) return "go back";
  if (keys === "*" || keys === "**") return "repeat";
  const asked = phase.kind === "choose" ? "choice" : state.asks;
  if (keys === "0" && asked !== "phone") return "speak to a person";
  switch (asked) {
    case "phone":
      return keys.replace(/\*/g, "");
    case "confirm":
    case "anything-else":
      return { "1": "yes", "2": "no" }[keys];
    case "choice":
      return phase.kind === "choose" ? phase.options[Number(keys) - 1]?.label : undefined;
    case "time":
      return keys.length === 4 ? `${keys.slice(0, 2)}:${keys.slice(2)}` : keys.length <= 2 ? keys : undefined;
    case "date":
      return keys.length === 4 ? `${keys.slice(0, 2)}/${keys.slice(2)}` : keys.length <= 2 ? keys : undefined;
    case "property":
      return keys.length <= 4 ? `number ${keys}` : undefined;
    default:
      return undefined;
  }
}
