/** The task that goes with a viewing of which the owner or tenant must be told before it takes place. */
import type { OfficeTask } from "./enquiries.ts";
import { addMinutes } from "./local-time.ts";
import type { ContactRecords, TaskRecords } from "./ports.ts";
import type { Property, Viewing } from "./types.ts";

type Parts = { contacts: ContactRecords; tasks: TaskRecords; newId(): string };

/** Who has to agree before a viewing of this property is certain. */
export const awaitedFor = ({ noticeHours, kind }: Property): Viewing["awaiting"] =>
  noticeHours === 0 ? undefined : kind === "sale" ? "vendor" : "tenant";

const rolesOf = {
  vendor: ["vendor", "seller", "owner"],
  tenant: ["tenant"],
} satisfies Record<NonNullable<Viewing["awaiting"]>, string[]>;

/** Due when the notice must have been given. For a viewing that has one already (it was moved) it is given anew. */
export function writeNotice(parts: Parts, property: Property, viewing: Viewing, now: Date): void {
  const { awaiting } = viewing;
  if (awaiting === undefined) return;
  const known = parts.tasks.ofViewing(viewing.id).find(({ kind }) => kind === "notice");
  const task: OfficeTask = {
    id: known?.id ?? parts.newId(),
    kind: "notice",
    contactId: parts.contacts.inRole(property.id, rolesOf[awaiting])[0]?.id,
    propertyId: property.id,
    viewingId: viewing.id,
    about: `Tell the ${awaiting} of the viewing at ${viewing.start} and ask for consent.`,
    forWhom: viewing.staffId,
    due: addMinutes(viewing.start, -60 * property.noticeHours),
    status: "open",
    callId: viewing.callId,
  };
  parts.tasks.put(task, now);
}

/** The viewing does not take place: whoever was told of it is told that, too. */
export function withdrawNotice({ tasks }: Pick<Parts, "tasks">, viewing: Viewing, now: Date): void {
  for (const task of tasks.ofViewing(viewing.id)) {
    if (task.kind !== "notice") continue;
    if (task.status === "open") tasks.put({ ...task, status: "cancelled" }, now);
    else if (task.status === "done") {
      const about = `Tell the ${viewing.awaiting ?? "owner"} that the viewing at ${viewing.start} is cancelled.`;
      tasks.put({ ...task, about, due: undefined, status: "open" }, now);
    }
  }
}
