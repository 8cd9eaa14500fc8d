/** Who may read a negotiator's diary by a link: making, taking away and using links, each in the audit log. */
import type { Actor } from "../agency/types.ts";
import { AppError } from "../app-error.ts";
import type { Store } from "../store/connection.ts";
import type { Audit } from "./audit.ts";
import { createBuckets, type Keyed } from "./buckets.ts";
import type { FeedLink, FeedLinks } from "./feed-links.ts";
import { networkOf } from "./sign-in-limits.ts";

export interface Feeds {
  all(): FeedLink[];
  create(staffId: string, label: string, actor: Actor, now: Date): { link: FeedLink; token: string };
  /** @throws AppError("not_found"). */
  revoke(id: string, actor: Actor, now: Date): void;
  /**
   * Whose diary may be read now; the read is in the audit log when this returns.
   * @param address Who asks.
   * @throws AppError("not_found") for an unknown link, "too_many" for one that is asked for too often or an address that
   *   guesses.
   */
  open(token: string, address: string, now: Date): FeedLink;
}

/** Calendar programs ask every few minutes, and people pull down the page to be sure. */
const reads = { burst: 30, refillMs: 30_000 };
/** Nobody has 2^256 guesses; nor shall anybody keep us busy with them. */
const guesses = { burst: 20, refillMs: 30_000 };

const linksAtMost = 1_000;
const longestLabel = 80;

const notThere = () => new AppError("not_found", "There is no such diary feed: it was taken away, or mistyped.");

export function createFeeds(parts: { store: Store; audit: Audit; links: FeedLinks; newId(): string }): Feeds {
  const { store, audit, links } = parts;
  const buckets = createBuckets();
  return {
    all: () => links.all(),
    create(staffId, given, actor, now) {
      const label = given.trim();
      if (label.length > longestLabel || /\p{Cc}/u.test(label)) {
        throw new AppError("invalid_input", `What the feed is for: up to ${longestLabel} characters on one line.`);
      }
      return store.withTransaction(() => {
        if (links.all().length >= linksAtMost) {
          throw new AppError("conflict", `There are ${linksAtMost} feeds: take away those that nobody uses.`);
        }
        const link = { id: parts.newId(), staffId, label, createdAt: now.toISOString() };
        audit.record({ at: now, actor, action: "feed.create", subjects: { feed: link.id, staff: staffId } });
        return { token: links.add(link), link: { ...link, lastReadAt: null } };
      });
    },
    revoke(id, actor, now) {
      store.withTransaction(() => {
        const link = links.byId(id);
        if (link === undefined) throw new AppError("not_found", "There is no feed with this id.");
        audit.record({ at: now, actor, action: "feed.revoke", subjects: { feed: id, staff: link.staffId } });
        links.remove(id);
      });
    },
    open(token, address, now) {
      const guess: Keyed = [`guess ${networkOf(address)}`, guesses];
      refuse(buckets.take([guess], now.getTime()));
      const link = links.byToken(token);
      if (link === undefined) throw notThere();
      buckets.putBack([guess]);
      refuse(buckets.take([[`feed ${link.id}`, reads]], now.getTime()));
      store.withTransaction(() => {
        const subjects = { feed: link.id, staff: link.staffId };
        audit.record({ at: now, actor: { kind: "system" }, action: "feed.read", subjects });
        links.noteRead(link.id, now);
      });
      return link;
    },
  };
}

function refuse(waitMs: number): void {
  if (waitMs > 0) throw new AppError("too_many", "This is asked for too often: wait some minutes.");
}
