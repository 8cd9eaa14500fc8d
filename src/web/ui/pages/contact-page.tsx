import type { ContactTimeline, TimelineEntry } from "../../api/shapes.ts";
import { get } from "../api.ts";
import { clockOfInstant, dayOfInstant, namedDay, phone, withTimes } from "../format.ts";
import { happened } from "../live.ts";
import { useLoaded } from "../load.ts";
import { Badge, Fact, Shown } from "../parts/bits.tsx";
import { Icon } from "../parts/icon.tsx";
import { Link } from "../router.tsx";
import { entryKind, entryState, slotName } from "../words.ts";

/** All that is known of one contact, newest first. */
export function ContactPage({ id }: { id: string }) {
  const path = `/contacts/${encodeURIComponent(id)}`;
  const timeline = useLoaded(
    path,
    (signal, background) => get<ContactTimeline>(path, signal, background),
    happened.value,
  );
  return (
    <>
      <Link to="/contacts" class="back">
        <Icon name="back" />
        All contacts
      </Link>
      <Shown of={timeline}>{(value) => <Timeline timeline={value} />}</Shown>
    </>
  );
}

function Timeline({ timeline: { contact, roles, entries } }: { timeline: ContactTimeline }) {
  return (
    <>
      <div class="page-head">
        <div>
          <h1>{contact.name || "Without a name"}</h1>
          <p class="sub">{entries.length === 1 ? "1 entry" : `${entries.length} entries`}, newest first</p>
        </div>
      </div>
      <div class="call-columns">
        <section class="panel" aria-label="Timeline">
          {entries.length === 0 && <p class="soft">Nothing is known of them yet.</p>}
          {byDay(entries).map(([day, those]) => (
            <section key={day} class="timeline-day" aria-labelledby={`on-${day}`}>
              <h2 id={`on-${day}`}>{namedDay(day, dayOfInstant(new Date()))}</h2>
              <ol class="timeline">
                {those.map((entry) => (
                  <Entry key={`${entry.kind} ${entry.id}`} entry={entry} />
                ))}
              </ol>
            </section>
          ))}
        </section>
        <aside>
          <section class="panel">
            <h2>
              <Icon name="person" />
              Contact
            </h2>
            <dl>
              {contact.phone !== "" && (
                <Fact name="Phone">
                  <a href={`tel:${contact.phone}`}>{phone(contact.phone)}</a>
                </Fact>
              )}
              {contact.email && <Fact name="E-mail">{contact.email}</Fact>}
              {roles.map(({ role, address }) => (
                <Fact key={`${role} ${address}`} name={slotName(role)}>
                  {address}
                </Fact>
              ))}
            </dl>
          </section>
        </aside>
      </div>
    </>
  );
}

function Entry({ entry }: { entry: TimelineEntry }) {
  const { kind, at, what, callId } = entry;
  const state = entryState(entry);
  return (
    <li class="timeline-entry">
      <time dateTime={at}>{clockOfInstant(at)}</time>
      <div>
        <p class="timeline-what">
          <strong>{entryKind(kind)}</strong>
          {state !== undefined && <Badge tone={state.tone}>{state.label}</Badge>}
        </p>
        {kind !== "call" && <p>{withTimes(what)}</p>}
        {callId !== null && (
          <Link to={`/calls/${encodeURIComponent(callId)}`}>
            {kind === "call" ? "Open the call" : "From this call"}
          </Link>
        )}
      </div>
    </li>
  );
}

function byDay(entries: TimelineEntry[]): [string, TimelineEntry[]][] {
  const days = new Map<string, TimelineEntry[]>();
  for (const entry of entries) {
    const day = dayOfInstant(entry.at);
    days.set(day, [...(days.get(day) ?? []), entry]);
  }
  return [...days];
}
