/** Putting a caller through to a person, and having him back where nobody takes the call. */
import { byKeys } from "./by-keys.ts";
import type { TransferFailure } from "./contract.ts";
import { type Draft, end, enter, isArranging, say, speak } from "./draft.ts";
import { startMessage } from "./message.ts";
import { nextOnDuty } from "./on-duty.ts";
import { sayOf } from "./people.ts";
import type { Phase } from "./state.ts";
import { aboutBegun } from "./tasks/rules.ts";
import type { Understanding } from "./understanding/understand.ts";

/** Told so often that we are still trying, a caller who talks on is talking to somebody else. */
const mostTold = 3;
/** The caller hears a telephone ring, and speaks all the same. */
export function whileTransferring(
  draft: Draft,
  phase: Extract<Phase, { kind: "transferring" }>,
  heard: Understanding,
): void {
  const { intents, answer, text } = heard;
  if (intents.has("goodbye")) {
    draft.effects.push({ kind: "cancel-transfer" });
    say(draft, "goodbye");
    return end(draft, "nothing");
  }
  if (intents.has("message")) {
    draft.effects.push({ kind: "cancel-transfer" });
    return instead(draft, phase);
  }
  const isWithdrawn =
    intents.has("cancel") ||
    answer === "no" ||
    answer === "closing" ||
    /\b(?:go back|come back|cancel|stop)\b/i.test(text);
  if (isWithdrawn) return withdraw(draft, phase);
  if (heard.backchannel || answer === "yes" || phase.told >= mostTold) return;
  enter(draft, { ...phase, told: phase.told + 1 });
  sayOf(draft, "stillTrying", phase.person);
}

/** "Actually, never mind": back to where he was. */
function withdraw(draft: Draft, { person, back, question }: Extract<Phase, { kind: "transferring" }>): void {
  const { state } = draft;
  draft.effects.push({ kind: "cancel-transfer" });
  state.tried = state.tried.filter((other) => other !== person); // nobody has refused yet
  say(draft, "transferStopped");
  draft.said.pop(); // no part of the question
  enter(draft, back);
  for (const spoken of question) speak(draft, spoken);
  if (question.length === 0) say(draft, "welcomeAgain");
}

/** Nobody took the call: said so, and then on with what there is to do, as the caller likes. */
export function transferFailed(
  draft: Draft,
  phase: Extract<Phase, { kind: "transferring" }>,
  reason: TransferFailure,
): void {
  sayOf(
    draft,
    reason === "busy" ? "transferBusy" : isNobody(reason) ? "transferNoAnswer" : "transferUnreachable",
    phase.person,
  );
  draft.said.pop(); // said once, not with every repetition of the question
  if (nextOnDuty(draft, phase)) return;
  const { person, back, question, about } = phase;
  if (back.kind === "keypad" || !draft.state.hears) {
    enter(draft, back);
    return byKeys(draft);
  }
  if (phase.goesOn) {
    enter(draft, back);
    for (const spoken of question) speak(draft, spoken);
    return;
  }
  if (!isArranging(draft)) {
    say(draft, "messageInstead");
    return enter(draft, { kind: "offer-message", about });
  }
  say(draft, "transferChoice");
  enter(draft, { kind: "resume", person, back, question });
}

const isNobody = (reason: TransferFailure): boolean => reason === "no-answer" || reason === "declined";

function instead(draft: Draft, { back }: Extract<Phase, { kind: "transferring" }>): void {
  enter(draft, back);
  startMessage(draft, aboutBegun(draft));
}
