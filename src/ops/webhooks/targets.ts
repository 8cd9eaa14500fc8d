/** What is configured of a host that is told, as the sender needs it. */

import type { EventName } from "../../agency/webhooks/events.ts";
import { AppError } from "../../app-error.ts";
import type { Config } from "../../config/schema.ts";
import { trustOf } from "../../config/trunks.ts";
import { readSecretFile } from "../../security/secret-file.ts";
import { createPeerFilter } from "../../sip/peers.ts";
import type { PostTarget } from "./post.ts";

export type WebhookTarget = PostTarget & {
  /** The URL: what is waiting is kept under it. */
  id: string;
  events: ReadonlySet<EventName>;
  /** Whether it is told what is personal. */
  personal: boolean;
  secret: string;
  giveUpAfterMs: number;
};

const dayMs = 86_400_000;
const mostSecretBytes = 1_024;
const leastSecretLetters = 32;

/** @throws AppError("invalid_config") naming the file that does not serve. */
export function webhookTargets(webhooks: Config["webhooks"]): WebhookTarget[] {
  return webhooks.map(({ url, events, addresses, personal, secretFile, giveUpDays, tls }) => {
    const { protocol, hostname, port, pathname, search } = new URL(url);
    const host = hostname.replace(/^\[|\]$/g, "");
    return {
      id: url,
      host,
      port: Number(port || (protocol === "https:" ? 443 : 80)),
      path: `${pathname}${search}`,
      tls: protocol === "https:" ? trustOf(tls, host) : undefined,
      allows: createPeerFilter(addresses.length > 0 ? addresses : [host]),
      events: new Set(events),
      personal,
      secret: readSecret(secretFile),
      giveUpAfterMs: giveUpDays * dayMs,
    };
  });
}

/** Its first line. */
function readSecret(file: string): string {
  const [line = ""] = readSecretFile(file, "webhook's secret file", mostSecretBytes).toString("utf8").split(/\r?\n/, 1);
  if (line.length >= leastSecretLetters) return line;
  throw new AppError(
    "invalid_config",
    `The webhook's secret file ${file} needs a first line of at least ${leastSecretLetters} characters: openssl rand -hex 32 makes one.`,
  );
}
