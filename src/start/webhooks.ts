import { type Alarm, webhookAlarms } from "../ops/alarms.ts";
import { post } from "../ops/webhooks/post.ts";
import { type Sender, startSender } from "../ops/webhooks/sender.ts";
import { type WebhookTarget, webhookTargets } from "../ops/webhooks/targets.ts";
import { writeEvent } from "../ops/webhooks/tell.ts";
import type { Records } from "../store/open-store.ts";
import { givenUpKeptMs, type OutboxEntry, outboxRepository } from "../store/outbox.ts";
import { eventContacts, withEvents } from "../store/with-events.ts";
import type { Base } from "./base.ts";

/**
 * Other hosts of the office are told what happens, where any are configured. Changes must then be made through the
 * records that are returned.
 */
export function openWebhooks(
  { config, clock, schedule, log, closing }: Base,
  records: Records,
): { records: Records; alarms(): Alarm[] } {
  const targets = webhookTargets(config.webhooks);
  const outbox = outboxRepository(records.store);
  const ids = targets.map(({ id }) => id);
  const forgotten = outbox.forget(ids, clock().getTime() - givenUpKeptMs);
  if (forgotten > 0) log.warn("webhooks were waiting for hosts that are configured no more", { forgotten });
  if (targets.length === 0) return { records, alarms: () => [] };

  const audited = ({ host }: WebhookTarget, { id, event, subject }: OutboxEntry) =>
    records.audit.record({
      at: clock(),
      actor: { kind: "system" },
      action: "webhook.send",
      subjects: { webhook: id, event, subject, host },
    });
  const senders = new Map<string, Sender>();
  const wake = (told: readonly WebhookTarget[]) => {
    for (const { id } of told) senders.get(id)?.wake();
  };
  const parts = {
    targets,
    outbox,
    contactOf: eventContacts(records.store),
    newId: () => crypto.randomUUID(),
    overflowed: ({ host }: WebhookTarget, count: number) =>
      log.warn("webhooks were given up: too many wait for the host", { host, count }),
  };
  for (const target of targets) {
    const own = { target, outbox, audited: (entry: OutboxEntry) => audited(target, entry) };
    senders.set(target.id, startSender({ ...own, post, clock, schedule, log }));
  }
  closing.add("webhooks", async () => {
    await Promise.all([...senders.values()].map((sender) => sender.close()));
  });
  return {
    records: withEvents(records, (event) => {
      const told = writeEvent(parts, event, clock());
      queueMicrotask(() => wake(told)); // after the commit; if there is none, nothing is found
    }),
    alarms() {
      const nowMs = clock().getTime();
      return webhookAlarms(
        targets.map(({ id, host }) => ({ host, ...outbox.state(id, nowMs - givenUpKeptMs) })),
        nowMs,
      );
    },
  };
}
