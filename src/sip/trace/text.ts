/** Traced messages as one text, for a terminal, a page or a file. */
import type { TracedMessage } from "./trace.ts";

export function traceText(messages: readonly TracedMessage[]): string {
  return messages
    .map(({ at, direction, peer, text }) => `${at} ${direction === "in" ? "<--" : "-->"} ${peer}\n${text}\n`)
    .join("\n");
}
