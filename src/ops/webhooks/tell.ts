import { type EventContact, eventBody, type OfficeEvent } from "../../agency/webhooks/events.ts";
import type { Outbox } from "../../store/outbox.ts";
import type { WebhookTarget } from "./targets.ts";

/** What waits for one host at most: of more, the oldest is given up. Weeks of a busy office. */
export const mostWaiting = 2_000;

/**
 * Writes an event down for each host that is to be told of it: inside the transaction of the change.
 * @returns the hosts for which something waits now.
 */
export function writeEvent(
  parts: {
    targets: readonly WebhookTarget[];
    outbox: Outbox;
    contactOf(id: string): EventContact | undefined;
    newId(): string;
    /** So many of the oldest were given up, as too many waited. */
    overflowed(target: WebhookTarget, count: number): void;
  },
  event: OfficeEvent,
  at: Date,
): WebhookTarget[] {
  const { outbox } = parts;
  const told = parts.targets.filter(({ events }) => events.has(event.name));
  for (const target of told) {
    const id = parts.newId();
    const contact = event.contactId === undefined ? undefined : parts.contactOf(event.contactId);
    const body = eventBody(id, event, at, target.personal ? { contact } : undefined);
    const { name, subject } = event;
    outbox.add({ id, target: target.id, subject, event: name, body, createdMs: at.getTime() });
    const surplus = outbox.beyond(target.id, mostWaiting);
    for (const n of surplus) outbox.giveUp(n, at.getTime());
    if (surplus.length > 0) parts.overflowed(target, surplus.length);
  }
  return told;
}
