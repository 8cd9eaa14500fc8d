/** What came of a booking, a message or whatever else went to the agency's books. Nothing is called done before this. */
import { advance, offerNear } from "./advance.ts";
import { keyedMessageTaken } from "./by-keys.ts";
import type { Done, Refusal } from "./contract.ts";
import { clearSlot, type Draft, end, enter, isMessage, say, slotOf } from "./draft.ts";
import { dropTask } from "./global.ts";
import { startMessage } from "./message.ts";
import { goOnWithDuty } from "./on-duty.ts";
import { repairRules } from "./tasks/repair.ts";
import { aboutTask, rulesOf } from "./tasks/rules.ts";

export function actionDone(draft: Draft, done: Done): void {
  const { state } = draft;
  if (state.keypad !== null && isMessage(draft)) return keyedMessageTaken(draft);
  state.result = { sayId: state.nextSayId, missed: false };
  switch (rulesOf(draft)?.tell(draft, done)) {
    case "on-duty": {
      const told = draft.said.length;
      advance(draft);
      return goOnWithDuty(draft, told);
    }
    case "goes-on":
      return advance(draft);
    case "asked":
      return;
    default:
      return finishTask(draft);
  }
}

/** Nothing is saved, and the caller must know: another time, a message for the team, or the end if not even that works. */
export function actionRefused(draft: Draft, reason: Refusal): void {
  const rules = rulesOf(draft);
  if (rules === undefined) return;
  if (isMessage(draft)) {
    say(draft, rules.failed);
    return end(draft, "failed");
  }
  const diary = rules.diary?.(draft);
  const [date, time] = [slotOf(draft, "date"), slotOf(draft, "time")];
  if (reason === "storage_failed" || diary === undefined || !date || !time) {
    say(draft, rules.failed);
    const told = draft.said.length;
    const isPressing = draft.state.urgent !== null && rules === repairRules;
    startMessage(draft, aboutTask(draft));
    return isPressing ? goOnWithDuty(draft, told) : undefined;
  }
  clearSlot(draft, "time");
  draft.state.changed = [];
  offerNear(draft, diary, date.value, time.value, reason === "conflict" ? "justTaken" : "notFree");
}

function finishTask(draft: Draft): void {
  const { state } = draft;
  dropTask(draft);
  state.tries = {};
  if (state.leaving) {
    say(draft, "goodbye");
    return end(draft, "nothing");
  }
  say(draft, "anythingElse");
  enter(draft, { kind: "else" });
}
