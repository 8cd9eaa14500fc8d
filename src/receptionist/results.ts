/** What came of a booking or a message. Nothing is called booked before this. */
import { clockOf, dateOf } from "../agency/local-time.ts";
import { offerNear } from "./advance.ts";
import { keyedMessageTaken } from "./by-keys.ts";
import type { Input } from "./contract.ts";
import { clearSlot, type Draft, end, enter, say, slotOf } from "./draft.ts";
import { dropTask } from "./global.ts";
import { propertyWith } from "./listening.ts";
import { aboutViewing, startMessage } from "./message.ts";
import { dateInWords, timeInWords } from "./wording.ts";

export function viewingBooked(draft: Draft, input: Extract<Input, { kind: "viewing-booked" }>): void {
  const { state } = draft;
  state.booked = true;
  const property = propertyWith(draft, slotOf(draft, "property")?.value ?? "")?.address ?? "your viewing";
  const prompt = input.awaiting === "vendor" ? "bookedOwner" : input.awaiting === "tenant" ? "bookedTenant" : "booked";
  state.result = { sayId: state.nextSayId, missed: false };
  say(draft, prompt, { property, date: dateInWords(dateOf(input.start)), time: timeInWords(clockOf(input.start)) });
  finishTask(draft);
}

export function viewingRefused(draft: Draft, reason: "conflict" | "invalid_input" | "storage_failed"): void {
  const [property, date, time] = [slotOf(draft, "property"), slotOf(draft, "date"), slotOf(draft, "time")];
  if (reason === "storage_failed" || !property || !date || !time) {
    say(draft, "bookingFailed");
    return startMessage(draft, aboutViewing(draft));
  }
  clearSlot(draft, "time");
  draft.state.changed = [];
  offerNear(draft, property.value, date.value, time.value, reason === "conflict" ? "justTaken" : "notFree");
}

export function messageTaken(draft: Draft): void {
  if (draft.state.keypad !== null) return keyedMessageTaken(draft);
  draft.state.messaged = true;
  draft.state.result = { sayId: draft.state.nextSayId, missed: false };
  say(draft, "messageTaken");
  finishTask(draft);
}

/** Nothing can be saved: the caller must know. */
export function messageRefused(draft: Draft): void {
  say(draft, "messageFailed");
  end(draft, "failed");
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
