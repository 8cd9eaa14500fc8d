/** The agency's things, as the rules see them. Times: `LocalTime` is Europe/London wall clock, `YYYY-MM-DDTHH:MM`. */

export type LocalDate = string; // YYYY-MM-DD
export type LocalTime = string; // YYYY-MM-DDTHH:MM
export type Clock = string; // HH:MM
export type Weekday = "mon" | "tue" | "wed" | "thu" | "fri" | "sat" | "sun";
export type Hours = Partial<Record<Weekday, [Clock, Clock] | null>>;
export type Jurisdiction = "england-and-wales" | "scotland" | "northern-ireland";

export type Agency = { name: string; jurisdiction: Jurisdiction; travelMinutes: number };
export type Branch = { id: string; name: string; address: string; hours: Hours; closed: LocalDate[] };
export type Staff = {
  id: string;
  name: string;
  department: string;
  extension: string;
  rota: Hours;
  answers: boolean;
  onCall: boolean;
};
export type PropertyStatus = "available" | "under-offer" | "sold-stc" | "let-agreed" | "withdrawn" | "occupied";
export type Property = {
  id: string;
  address: string;
  postcode: string;
  kind: "sale" | "let";
  status: PropertyStatus;
  managed: boolean;
  /** Pounds; per calendar month for lets. */
  price: number;
  beds: number;
  type: string;
  /** Notice that the owner or tenant must have before a viewing. */
  noticeHours: number;
  facts: Record<string, string>;
};
export type Contact = { id: string; name: string; phone: string /* E.164 */; email: string | undefined };
export type Viewing = {
  id: string;
  propertyId: string;
  contactId: string;
  staffId: string;
  start: LocalTime;
  minutes: number;
  status: "booked" | "cancelled";
  awaiting: "vendor" | "tenant" | undefined;
  callId: string | undefined;
};
export type Message = {
  id: string;
  name: string;
  phone: string;
  about: string;
  forWhom: string | undefined;
  /** When the caller wants to be rung back. */
  due?: LocalTime | undefined;
  callId: string | undefined;
  takenAt: string;
};

export type Department = "sales" | "lettings";
/** What the office answers to questions that callers ask again and again. */
export type Knowledge = { id: string; questions: string[]; answer: string };

/** What the receptionist may look at while it talks. Reads only, synchronous, each in well under a millisecond. */
export interface AgencyView {
  agency(): Agency;
  branches(): readonly Branch[];
  staff(): readonly Staff[];
  properties(): readonly Property[];
  /** Opening hours of that day (bank holidays and closures applied); undefined: closed. */
  hoursOn(day: LocalDate): { opens: Clock; closes: Clock } | undefined;
  /** True if a 30-minute viewing of this property could start then. */
  isFree(propertyId: string, start: LocalTime, now: LocalTime): boolean;
  /** The earliest free starts of that day at or after `notBefore`, at most `limit`. */
  freeStarts(propertyId: string, day: LocalDate, notBefore: Clock, limit: number, now: LocalTime): LocalTime[];
  /** True if a valuation by that department could start then. */
  isValuationFree(kind: Department, start: LocalTime, now: LocalTime): boolean;
  /** As `freeStarts`. */
  freeValuationStarts(kind: Department, day: LocalDate, notBefore: Clock, limit: number, now: LocalTime): LocalTime[];
  knowledge(): readonly Knowledge[];
}

export type BookViewingRequest = {
  propertyId: string;
  start: LocalTime;
  name: string;
  phone: string;
  callId: string | undefined;
};
/** Who does it, for the audit log. */
export type Actor =
  | { kind: "caller"; callId: string }
  | { kind: "user"; userId: string }
  | { kind: "cli"; uid: number }
  | { kind: "system" };

/**
 * Books, in one transaction with its audit entry. Returns the viewing that was committed.
 * @throws AppError("conflict") if the time was taken meanwhile, "invalid_input" if it is outside hours or not viewable.
 */
export type BookViewing = (request: BookViewingRequest, actor: Actor, now: Date) => Viewing;
export type TakeMessage = (message: Omit<Message, "id" | "takenAt">, actor: Actor, now: Date) => Message;
