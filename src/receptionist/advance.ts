/** What comes next in a task: day and time are first brought into agreement with the diary. */
import { clockOf, dateOf } from "../agency/local-time.ts";
import type { Clock, LocalDate } from "../agency/types.ts";
import { acknowledge, nextQuestion } from "./ask.ts";
import { clearSlot, clearTask, type Draft, enter, miss, say, setSlot, slotOf } from "./draft.ts";
import type { SlotName } from "./flow.ts";
import { giveUp } from "./message.ts";
import { type Diary, firstFreeDay, judgeStart, nearestFree, wished } from "./starts.ts";
import type { Option, TimeWish } from "./state.ts";
import { rulesOf } from "./tasks/rules.ts";
import { dateInWords, listInWords, timeInWords } from "./wording.ts";

/** Goes on with the task: `fresh` are items just understood, repeated in passing before the next question. */
export function advance(draft: Draft, fresh: readonly SlotName[] = []): void {
  const next = rulesOf(draft)?.next?.(draft) ?? false;
  if (next === "dropped") return leaveTask(draft);
  if (next) return;
  const settled = settleTime(draft, fresh);
  if (settled !== "asked") nextQuestion(draft, settled === "said" ? [] : fresh);
}

/** The task is over without a deed; who calls stays known. */
function leaveTask(draft: Draft): void {
  clearTask(draft);
  say(draft, "anythingElse");
  enter(draft, { kind: "else" });
}

/** `asked`: a question has been put; `said`: the values have been said aloud already. */
type Settled = "asked" | "said" | "as-it-was";

const ANY_TIME: TimeWish = { from: null, until: null, latest: false };

/** Where there is a diary for it, and the day is known, the time must be one that is free. */
function settleTime(draft: Draft, fresh: readonly SlotName[]): Settled {
  const { state } = draft;
  const diary = rulesOf(draft)?.diary?.(draft);
  if (diary === undefined) return "as-it-was";
  if (state.anyDay && slotOf(draft, "date") === undefined) return chooseDay(draft, diary);
  const date = slotOf(draft, "date")?.value;
  if (date === undefined) return "as-it-was";
  const time = slotOf(draft, "time")?.value;
  if (time !== undefined) return checkTime(draft, diary, date, time);
  return state.timeWish === null ? "as-it-was" : grantWish(draft, diary, date, state.timeWish, fresh);
}

/** "As soon as you can": the first day with a free time. */
function chooseDay(draft: Draft, diary: Diary): Settled {
  const { state, now } = draft;
  const first = firstFreeDay(draft, diary, state.within?.from ?? dateOf(now), state.timeWish ?? ANY_TIME);
  state.anyDay = false;
  state.timeWish = null;
  if (first === undefined) {
    say(draft, "noneSoon");
    giveUp(draft, "date");
    return "asked";
  }
  setSlot(draft, "date", dateOf(first), 0.8);
  const wanted = slotOf(draft, "time")?.value;
  if (wanted !== undefined) return checkTime(draft, diary, dateOf(first), wanted);
  setSlot(draft, "time", clockOf(first), 0.8);
  say(draft, "rangeOffer", { time: `${dateInWords(dateOf(first))} at ${timeInWords(clockOf(first))}` });
  return "said";
}

function checkTime(draft: Draft, diary: Diary, date: LocalDate, clock: Clock): Settled {
  const verdict = judgeStart(draft, diary, date, clock);
  if (verdict.kind === "free") return "as-it-was";
  clearSlot(draft, "time");
  if (verdict.kind === "past") say(draft, "pastTime");
  if (verdict.kind === "outside-hours") {
    const [opens, closes] = [timeInWords(verdict.opens), timeInWords(verdict.lastStart)];
    say(draft, "outsideHours", { date: dateInWords(date), opens, closes });
  }
  offerNear(draft, diary, date, clock, verdict.kind === "taken" ? "notFree" : "offerThese");
  return "asked";
}

function grantWish(draft: Draft, diary: Diary, date: LocalDate, wish: TimeWish, fresh: readonly SlotName[]): Settled {
  const start = wished(draft, diary, date, wish);
  draft.state.timeWish = null;
  if (start === undefined) {
    offerNear(draft, diary, date, wish.from ?? "12:00", "offerTimes");
    return "asked";
  }
  acknowledge(draft, fresh);
  setSlot(draft, "time", clockOf(start), 0.8);
  say(draft, "rangeOffer", { time: timeInWords(clockOf(start)).replace(/^\p{L}/u, (letter) => letter.toLowerCase()) });
  return "said";
}

/** Offers free times near one that cannot be; asks for another day if there is none. */
export function offerNear(
  draft: Draft,
  diary: Diary,
  date: LocalDate,
  clock: Clock,
  prompt: "notFree" | "offerTimes" | "offerThese" | "justTaken",
): void {
  if (miss(draft, "offers") > 6) return giveUp(draft, "time");
  const starts = nearestFree(draft, diary, date, clock).map(clockOf);
  if (starts.length === 0) {
    clearSlot(draft, "date");
    if (prompt === "justTaken") say(draft, "justTakenNone");
    else say(draft, "noTimes", { date: dateInWords(date) });
    say(draft, "otherDay");
    return enter(draft, { kind: "slot", slot: "date" });
  }
  const options: Option[] = starts.map((value) => ({ value, label: timeInWords(value) }));
  const labels = listInWords(
    options.map(({ label }) => label),
    "or",
  );
  const values = { time: timeInWords(clock), date: dateInWords(date), options: labels };
  say(draft, prompt, values, options.length === 1 ? 1 : 0);
  enter(draft, { kind: "choose", slot: "time", options });
}
