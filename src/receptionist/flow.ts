/** A flow: what the receptionist says and asks, as data. Editable without touching code; refused at start if unsound. */
import { z } from "zod";
import { AppError } from "../app-error.ts";
import { TOPICS } from "./understanding/topics.ts";

const sentence = z.string().trim().min(1).max(400);
const wordings = z.array(sentence).min(1).max(6);

/** What an item is called, how its answer is read, and what `asks` says while it is asked for. */
export const SLOT_PARSERS = [
  "property",
  "date",
  "time",
  "name",
  "phone",
  "message",
  "department",
  "address",
  "postcode",
  "fault",
  "vulnerable",
  "access",
  "appointment",
  "money",
  "beds",
  "position",
] as const;

/** Taken in the caller's own words. */
export const WORDS: ReadonlySet<SlotName> = new Set(["message", "fault", "access", "position"]);

/** What a task comes to: its rules are in tasks/. */
export const ACTIONS = [
  "book-viewing",
  "take-message",
  "book-valuation",
  "report-fault",
  "create-task",
  "find-appointments",
  "move-appointment",
  "cancel-appointment",
  "open-ticket",
  "record-offer",
  "register-applicant",
] as const;

const slotSchema = z.strictObject({
  name: z.enum(SLOT_PARSERS),
  parser: z.enum(SLOT_PARSERS),
  ask: sentence,
  /** Said in turn when the answer was not understood. */
  retry: wordings,
  maxTries: z.int().min(1).max(6).default(3),
  optional: z.boolean().default(false),
});

const taskSchema = z.strictObject({
  id: z.string().regex(/^[a-z][a-z-]*$/, "expected a name in small letters, like sales-valuation"),
  /** What callers want who want this: see understanding/topics.ts. */
  begins: z.array(z.enum(TOPICS)).default([]),
  /** Asked in this order; one already filled is passed over. */
  slots: z.array(slotSchema).min(1),
  confirm: sentence,
  confirmChange: sentence,
  onComplete: z.enum(ACTIONS),
  onGiveUp: z.enum(["take-message", "goodbye"]),
});

/** Every prompt and what may stand in braces in it ({agency} may stand in all). */
const PROMPTS = {
  disclosure: [],
  welcome: [],
  welcomeAgain: [],
  noInput: [],
  notUnderstood: [],
  notHeard: [],
  holding: [],
  stillHere: [],
  slower: [],
  goOn: [],
  soFar: ["digits"],
  restart: [],
  areaCode: [],
  got: ["items"],
  cannotAnswer: [],
  whichAbout: [],
  answerPrice: ["property", "price"],
  answerRent: ["property", "price"],
  answerBeds: ["property", "beds"],
  answerAvailable: ["property"],
  answerStatus: ["property", "status"],
  answerFact: ["property", "fact", "value"],
  factUnknown: ["property", "fact"],
  cannotDiscuss: [],
  offerViewing: ["property"],
  officeOpen: ["date", "opens", "closes"],
  officeAddress: ["address"],
  officeDepartments: ["departments"],
  didYouMean: ["value"],
  whichProperty: ["options"],
  whichDate: ["options"],
  whichDay: [],
  unlisted: [],
  notViewable: ["property", "status"],
  messageInstead: [],
  closedOn: ["date"],
  otherDay: [],
  pastTime: [],
  outsideHours: ["date", "opens", "closes"],
  notFree: ["time", "options"],
  offerTimes: ["date", "options"],
  offerThese: ["options"],
  noTimes: ["date"],
  noneSoon: [],
  rangeOffer: ["time"],
  whatChange: [],
  yesOrNo: [],
  notManaged: ["property"],
  faultLogged: [],
  emergencyLogged: [],
  emergencyComplete: [],
  faultFailed: [],
  powerCut: ["number"],
  taskTaken: [],
  offerTaken: [],
  offerPassedOn: [],
  rentAbove: ["price"],
  applicantTaken: [],
  noAppointment: [],
  whichAppointment: ["options"],
  appointmentIs: ["appointment"],
  appointmentMoved: ["appointment", "date", "time"],
  appointmentCancelled: ["appointment"],
  appointmentFailed: [],
  ticketOpened: ["date"],
  noPayments: [],
  noSales: [],
  valuationBooked: ["address", "date", "time"],
  valuationFailed: [],
  booked: ["property", "date", "time"],
  bookedOwner: ["property", "date", "time"],
  bookedTenant: ["property", "date", "time"],
  justTaken: ["options"],
  justTakenNone: [],
  bookingFailed: [],
  messageTaken: [],
  messageFailed: [],
  personMessage: [],
  giveUpMessage: [],
  giveUpPerson: [],
  cannotHelp: [],
  isRecorded: [],
  recordingStopped: [],
  privacyRequest: [],
  isMachine: [],
  cancelled: [],
  anythingElse: [],
  goodbye: [],
  wrongNumber: [],
  noAnswer: [],
  tooLong: [],
  otherTopic: [],
  spellName: [],
  calm: [],
  endOfAbuse: [],
  noNumber: [],
  misheardDanger: [],
  tryPerson: ["person"],
  stillTrying: ["person"],
  transferBusy: ["person"],
  transferNoAnswer: ["person"],
  transferUnreachable: ["person"],
  transferChoice: [],
  transferStopped: [],
  askPerson: ["about"],
  moment: [],
  deaf: [],
  heardAgain: [],
  keysMenu: [],
  keysMenuPerson: [],
  keysYesNo: [],
  keysOwnNumber: [],
  keysNumber: [],
  keysNotANumber: [],
  keysConfirm: ["phone"],
  keysNobody: [],
  keysUnknown: [],
  keysTaken: [],
  keysVoice: [],
} as const satisfies Record<string, readonly string[]>;
// biome-ignore format: a table

export type PromptName = keyof typeof PROMPTS;

const promptNames = Object.keys(PROMPTS) as PromptName[];
const promptsSchema = z.strictObject(
  Object.fromEntries(promptNames.map((name) => [name, wordings])) as Record<PromptName, typeof wordings>,
);

export const flowSchema = z.strictObject({
  id: z.string().min(1),
  locale: z.literal("en-GB"),
  limits: z.strictObject({
    /** The call is brought to an end after this many turns of the caller. */
    turns: z.int().min(5).max(40),
    noInputMs: z.int().min(2_000).max(30_000),
    phoneNoInputMs: z.int().min(2_000).max(30_000),
    holdMs: z.int().min(5_000).max(60_000),
    holds: z.int().min(1).max(6),
  }),
  prompts: promptsSchema,
  tasks: z.array(taskSchema).min(1),
});

export type Flow = z.output<typeof flowSchema>;
export type FlowInput = z.input<typeof flowSchema>;
export type FlowSlotInput = FlowInput["tasks"][number]["slots"][number];
export type Task = Flow["tasks"][number];
export type ActionKind = (typeof ACTIONS)[number];
export type SlotName = (typeof SLOT_PARSERS)[number];
export type FlowSlot = Task["slots"][number];

/**
 * Checks a flow and fills in its defaults.
 * @throws AppError("invalid_config") that names the place: an unknown key, a missing prompt, a `{slot}` that does not exist.
 */
export function parseFlow(input: unknown): Flow {
  const parsed = flowSchema.safeParse(input);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new AppError(
      "invalid_config",
      `The flow is not valid at ${issue?.path.join(".") || "its top"}: ${issue?.message ?? "unknown"}.`,
    );
  }
  const flow = parsed.data;
  checkTasks(flow);
  for (const name of promptNames) checkBraces(flow.prompts[name], ["agency", ...PROMPTS[name]], `prompts.${name}`);
  for (const task of flow.tasks) {
    const names = task.slots.map((slot) => slot.name);
    checkBraces([task.confirm], ["agency", ...names], `tasks.${task.id}.confirm`);
    checkBraces([task.confirmChange], ["agency", "changes"], `tasks.${task.id}.confirmChange`);
    for (const slot of task.slots)
      checkBraces([slot.ask, ...slot.retry], ["agency"], `tasks.${task.id}.slots.${slot.name}`);
  }
  return flow;
}

/** Everything that comes to nothing becomes a message: there must be a task for it, and one only. */
function checkTasks({ tasks }: Flow): void {
  const twice = tasks.find(({ id }, index) => tasks.findIndex((other) => other.id === id) < index);
  if (twice !== undefined) throw new AppError("invalid_config", `The flow has the task ${twice.id} twice.`);
  if (tasks.filter(({ onComplete }) => onComplete === "take-message").length !== 1) {
    throw new AppError(
      "invalid_config",
      "The flow needs one task with onComplete take-message: what fails ends there.",
    );
  }
}

const BRACES = /\{([^{}]*)\}/g;

function checkBraces(texts: readonly string[], allowed: readonly string[], where: string): void {
  for (const text of texts) {
    for (const [, name] of text.matchAll(BRACES)) {
      if (name !== undefined && allowed.includes(name)) continue;
      const known = allowed.map((one) => `{${one}}`).join(", ");
      throw new AppError("invalid_config", `The flow says {${name}} in ${where}; what may stand there: ${known}.`);
    }
  }
}

/** `text` with its braces filled; one without a value becomes "that". */
export const filled = (text: string, values: Readonly<Record<string, string>>): string =>
  text.replace(BRACES, (_, name: string) => values[name] ?? "that");

/** True if the text is the same in every call of this agency. */
export const isFixed = (text: string): boolean => !/\{(?!agency\})/.test(text);
