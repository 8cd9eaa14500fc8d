/** An agency as a JSON file: its people, hours, listings and diary. Fields that we do not know are passed over. */
import { z } from "zod";
import { AppError } from "../app-error.ts";
import { jsonFault } from "./json-fault.ts";
import { isClock, isLocalDate, isLocalTime } from "./local-time.ts";
import type { Hours, Weekday } from "./types.ts";

const id = z.string().min(1).max(100);
const text = z.string().max(2_000);
const Clock = z.string().refine(isClock, "expected a time, HH:MM");
const LocalDate = z.string().refine(isLocalDate, "expected a date, YYYY-MM-DD");
const Span = z
  .tuple([Clock, Clock])
  .refine(([from, until]) => from < until, "expected the earlier time first")
  .nullable();
const Week = z.partialRecord(z.enum(["mon", "tue", "wed", "thu", "fri", "sat", "sun"]), Span);

const officeHours: Hours = Object.fromEntries(
  (["mon", "tue", "wed", "thu", "fri"] satisfies Weekday[]).map((day) => [day, ["09:00", "17:30"]]),
);

const Branch = z.object({
  id,
  name: text,
  address: text.default(""),
  /** Left out: Monday to Friday, 9:00 to 17:30. */
  hours: Week.default(officeHours),
  closed: z.array(LocalDate).default([]),
});
const Staff = z.object({
  id,
  name: text.min(1),
  department: text.default(""),
  extension: text.default(""),
  /** Left out: the hours of the first branch. */
  rota: Week.optional(),
  answers: z.boolean().default(true),
  onCall: z.boolean().default(false),
});
const Property = z.object({
  id,
  address: text.min(1),
  postcode: text.default(""),
  kind: z.enum(["sale", "let"]).default("sale"),
  status: z.enum(["available", "under-offer", "sold-stc", "let-agreed", "withdrawn", "occupied"]).default("available"),
  managed: z.boolean().default(false),
  price: z.int().min(0).default(0),
  beds: z.int().min(0).default(0),
  type: text.default(""),
  noticeHours: z
    .int()
    .min(0)
    .max(24 * 60)
    .default(0),
  facts: z.record(z.string(), text).default({}),
});
const Contact = z.object({
  id,
  name: text,
  phone: z.string().regex(/^\+[1-9]\d{6,14}$/, "expected an international number, like +447700900512"),
  email: z
    .string()
    .max(320)
    .nullish()
    .transform((email) => email ?? undefined),
  roles: z.array(z.object({ role: text, property: id })).default([]),
});
const Entry = z.object({
  id,
  kind: text.default("viewing"),
  property: id.optional(),
  contact: id.optional(),
  staff: id.optional(),
  start: z.string().refine(isLocalTime, "expected a local time, YYYY-MM-DDTHH:MM"),
  minutes: z
    .int()
    .min(1)
    .max(24 * 60)
    .default(30),
  /** Of a valuation: where, if it is at none of the listed properties. */
  address: text.optional(),
  postcode: text.optional(),
});

const Seed = z.object({
  agency: z
    .object({
      name: text.min(1).default("The agency"),
      jurisdiction: z.enum(["england-and-wales", "scotland", "northern-ireland"]).default("england-and-wales"),
      travelMinutes: z.int().min(0).max(240).default(15),
    })
    .prefault({}),
  branches: z
    .array(Branch)
    .min(1)
    .default([{ id: "office", name: "Office", address: "", hours: officeHours, closed: [] }]),
  staff: z.array(Staff).prefault([{ id: "negotiator", name: "Negotiator" }]),
  properties: z.array(Property).default([]),
  contacts: z.array(Contact).default([]),
  diary: z.array(Entry).default([]),
  knowledge: z.array(z.object({ id, questions: z.array(text), answer: text })).default([]),
});

export type Seed = Omit<z.infer<typeof Seed>, "staff"> & {
  staff: (Omit<z.infer<typeof Staff>, "rota"> & { rota: Hours })[];
};

/** @throws AppError("invalid_config") naming file and field, or line: "agency.json: properties[3].price: …". */
export function parseSeedText(json: string, name: string): Seed {
  let value: unknown;
  try {
    value = JSON.parse(json.replace(/^\uFEFF/, ""));
  } catch {
    const { line, why } = jsonFault(json);
    throw new AppError("invalid_config", `${name}: not JSON: line ${line}: ${why}`);
  }
  return parseSeed(value, name);
}

/** The same for what has been read already. */
export function parseSeed(value: unknown, name = "seed"): Seed {
  const fail = (where: string, why: string) => new AppError("invalid_config", `${name}: ${where}: ${why}`);
  const parsed = Seed.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw fail(pathOf(issue?.path ?? []), issue?.message ?? "invalid");
  }
  const hours = parsed.data.branches[0]?.hours ?? officeHours;
  const seed: Seed = { ...parsed.data, staff: parsed.data.staff.map((one) => ({ ...one, rota: one.rota ?? hours })) };
  const broken = brokenReference(seed);
  if (broken !== undefined) throw fail(broken.where, broken.why);
  return seed;
}

function pathOf(path: readonly PropertyKey[]): string {
  return (
    path
      .map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`))
      .join("")
      .replace(/^\./, "") || "(top)"
  );
}

const lists = ["branches", "staff", "properties", "contacts", "diary", "knowledge"] as const;

function brokenReference(seed: Seed): { where: string; why: string } | undefined {
  const known = {} as Record<(typeof lists)[number], Set<string>>;
  for (const list of lists) {
    known[list] = new Set();
    for (const [index, { id }] of seed[list].entries()) {
      if (known[list].has(id)) return { where: `${list}[${index}].id`, why: `"${id}" is there twice` };
      known[list].add(id);
    }
  }
  const has = (list: keyof typeof known, wanted: string | undefined) => wanted === undefined || known[list].has(wanted);
  for (const [index, { roles }] of seed.contacts.entries()) {
    const wrong = roles.findIndex(({ property }) => !has("properties", property));
    if (wrong >= 0) return { where: `contacts[${index}].roles[${wrong}].property`, why: "there is no such property" };
  }
  for (const [index, entry] of seed.diary.entries()) {
    const at = (field: string) => `diary[${index}].${field}`;
    if (!has("properties", entry.property)) return { where: at("property"), why: "there is no such property" };
    if (!has("contacts", entry.contact)) return { where: at("contact"), why: "there is no such contact" };
    if (!has("staff", entry.staff)) return { where: at("staff"), why: "there are no such staff" };
    if (entry.kind !== "viewing") continue;
    for (const field of ["property", "contact", "staff"] as const) {
      if (entry[field] === undefined) return { where: at(field), why: "a viewing needs it" };
    }
  }
  return undefined;
}
