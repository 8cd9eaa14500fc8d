/** The caller of a request, and the contact that it becomes. */
import { AppError } from "../app-error.ts";
import type { Caller } from "./enquiries.ts";
import type { ContactRecords } from "./ports.ts";
import { isSamePerson } from "./same-person.ts";
import type { Contact } from "./types.ts";

/** The same with the name's spaces tidied. @throws AppError("invalid_input"). */
export function checkedCaller<T extends Caller>(request: T): T {
  const checked = checkedIfGiven(request);
  if (checked.name === "") throw new AppError("invalid_input", "A name of 1 to 200 letters is needed.");
  if (checked.phone === "") throw noPhone();
  return checked;
}

/** Where a caller may leave out either. @throws AppError("invalid_input"). */
export function checkedIfGiven<T extends Caller>(request: T): T {
  const name = request.name.trim().replace(/\s+/g, " ");
  if (name.length > 200) throw new AppError("invalid_input", "A name of 1 to 200 letters is needed.");
  if (request.phone !== "" && !/^\+[1-9]\d{6,14}$/.test(request.phone)) throw noPhone();
  return { ...request, name };
}

const noPhone = () =>
  new AppError("invalid_input", "A phone number is needed in international form, like +447700900123.");

type Parts = { contacts: ContactRecords; newId(): string };

/** Two people of a household share a number: the name decides, see `isSamePerson`. Inside the transaction. */
export function findOrAddContact({ contacts, newId }: Parts, { name, phone }: Caller): Contact {
  // Nobody is found by a number that was withheld, nor by a name alone.
  const known =
    phone === "" ? undefined : contacts.byPhone(phone).find((one) => one.name === name || isSamePerson(one.name, name));
  if (known !== undefined) return known;
  const contact: Contact = { id: newId(), name, phone, email: undefined };
  contacts.add(contact);
  return contact;
}

/** Undefined if the caller left neither name nor number. */
export function contactIfGiven(parts: Parts, caller: Caller): Contact | undefined {
  return caller.name === "" && caller.phone === "" ? undefined : findOrAddContact(parts, caller);
}

/** @throws AppError("invalid_input") naming the field that is too long. */
export function checkLengths(fields: Record<string, string | undefined>, most = 4_000): void {
  for (const [field, value] of Object.entries(fields)) {
    if ((value?.length ?? 0) > most) {
      throw new AppError("invalid_input", `The ${field} is longer than ${most} letters.`);
    }
  }
}
