import type { CachedAgencyView } from "../agency/agency-view.ts";
import { calendarText } from "../agency/feeds/calendar.ts";
import { addDays, atClock, dateOf, toLocal } from "../agency/local-time.ts";
import { AppError } from "../app-error.ts";
import type { ControlFeeds } from "../control/ports.ts";
import { createFeedLinks, type FeedLink } from "../security/feed-links.ts";
import { createFeeds } from "../security/feeds.ts";
import { feedDiary } from "../store/feed-diary.ts";
import type { Records } from "../store/open-store.ts";
import type { WebFeeds } from "../web/api/ports.ts";
import type { Base } from "./base.ts";

/** What has been stays for a month; what is planned further ahead than a year is no appointment with a caller. */
const daysBack = 31;
const daysAhead = 366;

/** Negotiators' diaries for calendar programs. @param url Of the web pages, without a slash at its end. */
export function openFeeds(
  { config, clock }: Pick<Base, "config" | "clock">,
  { store, audit }: Pick<Records, "store" | "audit">,
  view: CachedAgencyView,
  url: () => string,
): { web: WebFeeds; control: ControlFeeds } {
  const feeds = createFeeds({ store, audit, links: createFeedLinks(store.db), newId: () => crypto.randomUUID() });
  const diary = feedDiary(store);
  const nameOf = (staffId: string) => view.staff().find(({ id }) => id === staffId)?.name ?? "";
  const shown = ({ staffId, ...link }: FeedLink) => ({ ...link, staffId, staff: nameOf(staffId) });
  return {
    web: {
      read(token, address) {
        const now = clock();
        const { staffId } = feeds.open(token, address, now);
        const today = dateOf(toLocal(now));
        const from = atClock(addDays(today, -daysBack), "00:00");
        const entries = diary.ofStaff(staffId, from, atClock(addDays(today, daysAhead), "00:00"));
        const name = `${nameOf(staffId)} (${view.agency().name})`;
        return calendarText({ name, entries, contacts: config.feeds.contacts });
      },
    },
    control: {
      list: () => feeds.all().map(shown),
      create({ staff, label }, actor) {
        const { link, token } = feeds.create(staffNamed(view, staff), label, actor, clock());
        return { ...shown(link), url: `${url()}/feeds/${token}.ics` };
      },
      revoke: (id, actor) => feeds.revoke(id, actor, clock()),
    },
  };
}

/** By id, or by name where only one bears it. */
function staffNamed(view: CachedAgencyView, wanted: string): string {
  const staff = view.staff();
  const found = staff.filter(({ id }) => id === wanted);
  const named = staff.filter(({ name }) => name.toLowerCase() === wanted.trim().toLowerCase());
  const [one, another] = found.length > 0 ? found : named;
  if (one === undefined || another !== undefined) {
    const known = staff.map(({ id, name }) => `${id} (${name})`).join(", ");
    throw new AppError("not_found", `Name one of the staff by id: ${known || "there are none"}.`);
  }
  return one.id;
}
