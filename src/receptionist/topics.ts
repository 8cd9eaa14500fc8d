/** What is answered at once and begins no task: sales calls, payments, a street without power. */
import { type Draft, end, enter, isArranging, say } from "./draft.ts";
import { powerCutNumber } from "./emergency-texts.ts";
import { repeatQuestion } from "./global.ts";
import { startMessage } from "./message.ts";
import { personToTry, putThrough } from "./people.ts";
import type { Understanding } from "./understanding/understand.ts";

/** True if the words were answered here. */
export function answerTopic(draft: Draft, heard: Understanding): boolean {
  const { kind } = draft.state.phase;
  switch (heard.topic) {
    case "cold-call":
      if (kind !== "open" && kind !== "else") return false;
      say(draft, "noSales");
      end(draft, "nothing");
      return true;
    case "payment":
      aboutPayment(draft, heard);
      return true;
    case "power-cut":
      powerCut(draft);
      return true;
    default:
      return false;
  }
}

/** Never taken, never given: a person. */
function aboutPayment(draft: Draft, heard: Understanding): void {
  say(draft, "noPayments");
  const person = personToTry(draft, "accounts");
  if (person !== undefined) putThrough(draft, person, { said: "about a payment", about: heard.text });
  else startMessage(draft, undefined);
}

/** The whole street's: the network's own number, and nothing that we could do. */
function powerCut(draft: Draft): void {
  draft.state.alarmed = true;
  draft.effects.push({ kind: "emergency", emergency: "power" });
  say(draft, "powerCut", { number: powerCutNumber(draft.view.agency().jurisdiction) });
  if (isArranging(draft)) return repeatQuestion(draft);
  say(draft, "anythingElse");
  enter(draft, { kind: "else" });
}
