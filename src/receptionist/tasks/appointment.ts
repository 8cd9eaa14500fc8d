/**
 * An appointment that is there: moved, cancelled or confirmed. Nothing of it is told, let alone changed, before the name
 * and the number on it have been given; a wrong name is answered as a wrong number is.
 */
import type { FoundAppointment } from "../../agency/enquiries.ts";
import { clockOf, dateOf } from "../../agency/local-time.ts";
import { appointmentInWords, placeInWords } from "../appointments.ts";
import type { AppointmentId, Done } from "../contract.ts";
import { clearSlot, type Draft, enter, miss, say, setSlot, slotOf, submit } from "../draft.ts";
import type { Diary } from "../starts.ts";
import type { Option } from "../state.ts";
import type { Understanding } from "../understanding/understand.ts";
import { dateInWords, listInWords, timeInWords } from "../wording.ts";
import type { TaskRules } from "./task-rules.ts";

/** More are not read out. */
const MOST_CHOICES = 4;

/** The day and place said with the wish are those of the appointment as it is, and looked at when it is found. */
const begin = (_draft: Draft, heard: Understanding): Understanding => ({
  ...heard,
  date: undefined,
  time: undefined,
  property: undefined,
});

function next(draft: Draft): boolean {
  const [name, phone] = [slotOf(draft, "name"), slotOf(draft, "phone")];
  if (name === undefined || phone === undefined || slotOf(draft, "appointment") !== undefined) return false;
  submit(draft, { kind: "find-appointments", name: name.value, phone: phone.value });
  return true;
}

function about(draft: Draft): string {
  const found = chosen(draft);
  return found === undefined ? "About an appointment." : `About the ${appointmentInWords(draft, found.id)}.`;
}

const shared = { begin, next, about, failed: "appointmentFailed" } as const;

export const movingRules: TaskRules = {
  ...shared,
  diary(draft) {
    const found = chosen(draft);
    return found && diaryOf(draft, found);
  },
  action: (draft) => ({
    kind: "move-appointment",
    appointment: idOf(draft),
    start: `${slotOf(draft, "date")?.value ?? ""}T${slotOf(draft, "time")?.value ?? ""}`,
  }),
  tell(draft, done) {
    if (done.action === "find-appointments") return settleFound(draft, done);
    const moved = chosen(draft);
    if (done.action !== "move-appointment" || moved === undefined) return undefined;
    draft.state.booked = true;
    const [date, time] = [dateInWords(dateOf(done.start)), timeInWords(clockOf(done.start))];
    say(draft, "appointmentMoved", { appointment: placeInWords(moved), date, time });
    return undefined;
  },
};

export const cancellingRules: TaskRules = {
  ...shared,
  action: (draft) => ({ kind: "cancel-appointment", appointment: idOf(draft) }),
  tell(draft, done) {
    if (done.action === "find-appointments") return settleFound(draft, done);
    say(draft, "appointmentCancelled", { appointment: appointmentInWords(draft, idOf(draft).id) });
    return undefined;
  },
};

/** "Is it still on?": told, and nothing changed. */
export const confirmingRules: TaskRules = {
  ...shared,
  next(draft) {
    const found = chosen(draft);
    if (found === undefined) return next(draft);
    say(draft, "appointmentIs", { appointment: appointmentInWords(draft, found.id) });
    return "dropped";
  },
  action: (draft) => ({
    kind: "find-appointments",
    name: slotOf(draft, "name")?.value ?? "",
    phone: slotOf(draft, "phone")?.value ?? "",
  }),
  tell: (draft, done) => (done.action === "find-appointments" ? settleFound(draft, done) : undefined),
};

const chosen = (draft: Draft): FoundAppointment | undefined =>
  draft.state.found.find(({ id }) => id === slotOf(draft, "appointment")?.value);

function idOf(draft: Draft): AppointmentId {
  const { kind = "viewing", id = "" } = chosen(draft) ?? {};
  return { kind, id };
}

/** Its own time counts as taken: it is moved to another. */
function diaryOf({ view, now }: Draft, { kind, propertyId, staffId, minutes }: FoundAppointment): Diary {
  if (kind === "viewing" && propertyId !== undefined) {
    return {
      isFree: (start) => view.isFree(propertyId, start, now),
      freeStarts: (day, notBefore, limit) => view.freeStarts(propertyId, day, notBefore, limit, now),
      minutes,
    };
  }
  const department = view.staff().find(({ id }) => id === staffId)?.department ?? "";
  const side = /let/i.test(department) ? "lettings" : "sales";
  return {
    isFree: (start) => view.isValuationFree(side, start, now),
    freeStarts: (day, notBefore, limit) => view.freeValuationStarts(side, day, notBefore, limit, now),
    minutes,
  };
}

function settleFound(draft: Draft, done: Extract<Done, { action: "find-appointments" }>): "goes-on" | "asked" {
  draft.state.found = [...done.found];
  const [only] = done.found;
  if (only === undefined) return notFound(draft);
  if (done.found.length === 1) {
    setSlot(draft, "appointment", only.id, 1);
    return "goes-on";
  }
  const options = done.found
    .slice(0, MOST_CHOICES)
    .map(({ id }): Option => ({ value: id, label: `the ${appointmentInWords(draft, id)}` }));
  const labels = options.map(({ label }) => label);
  say(draft, "whichAppointment", { options: listInWords(labels, "or") });
  enter(draft, { kind: "choose", slot: "appointment", options });
  return "asked";
}

/** Heard wrongly, perhaps: once more, and then a message for somebody who can look. */
function notFound(draft: Draft): "goes-on" | "asked" {
  say(draft, "noAppointment");
  const [name, phone] = [slotOf(draft, "name")?.value, slotOf(draft, "phone")?.value];
  if (miss(draft, "appointment") === 1) {
    clearSlot(draft, "name");
    clearSlot(draft, "phone");
    return "goes-on";
  }
  say(draft, "messageInstead");
  enter(draft, { kind: "offer-message", about: `About an appointment under ${name ?? "?"}, ${phone ?? "?"}.` });
  return "asked";
}
