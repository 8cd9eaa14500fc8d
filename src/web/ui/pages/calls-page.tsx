import { useState } from "preact/hooks";
import type { CallRow, Outcome, CallPage as Page } from "../../api/shapes.ts";
import { get, messageOf } from "../api.ts";
import { clockOfInstant, dayOfInstant, duration, namedDay, phone, secondsBetween, shortDay } from "../format.ts";
import { happened } from "../live.ts";
import { useLoaded } from "../load.ts";
import { Empty, OutcomeBadge, PageHead, Shown, Trouble } from "../parts/bits.tsx";
import { Link } from "../router.tsx";

const filters: { value: Outcome | ""; label: string }[] = [
  { value: "", label: "All" },
  { value: "booked", label: "Viewings booked" },
  { value: "message", label: "Messages" },
  { value: "emergency", label: "Emergencies" },
  { value: "nothing", label: "No action" },
  { value: "abandoned", label: "Hung up" },
  { value: "failed", label: "Failed" },
];
const pageSize = 50;

function pathOf(outcome: string, before?: string): string {
  const query = new URLSearchParams({ limit: String(pageSize) });
  if (outcome !== "") query.set("outcome", outcome);
  if (before !== undefined) query.set("before", before);
  return `/calls?${query}`;
}

export function CallsPage() {
  const [outcome, setOutcome] = useState<Outcome | "">("");
  const path = pathOf(outcome);
  const first = useLoaded(path, (signal, background) => get<Page>(path, signal, background), happened.value);
  return (
    <>
      <PageHead title="Calls" sub="Every call that Gatehouse answered, newest first" />
      <fieldset class="chips">
        <legend class="hidden">Show</legend>
        {filters.map(({ value, label }) => (
          <label key={value} class="chip">
            <input type="radio" name="outcome" checked={outcome === value} onChange={() => setOutcome(value)} />
            <span>{label}</span>
          </label>
        ))}
      </fieldset>
      <Shown of={first}>
        {(page) =>
          page.calls.length === 0 ? (
            <Empty icon="calls" title={outcome === "" ? "No calls yet" : "None of these"}>
              {outcome === ""
                ? "Calls are listed here once they begin, with who rang, what came of it and every word."
                : "No call ended this way. Choose another filter above."}
            </Empty>
          ) : (
            <CallList key={path} outcome={outcome} first={page} />
          )
        }
      </Shown>
    </>
  );
}

function CallList({ outcome, first }: { outcome: string; first: Page }) {
  const [older, setOlder] = useState<Page[]>([]);
  const [trouble, setTrouble] = useState<string | undefined>(undefined);
  const next = (older.at(-1) ?? first).next;
  const seen = new Set<string>();
  const calls = [first, ...older].flatMap((page) => page.calls).filter(({ id }) => !seen.has(id) && seen.add(id));
  async function more(before: string): Promise<void> {
    try {
      const page = await get<Page>(pathOf(outcome, before));
      setOlder((pages) => [...pages, page]);
      setTrouble(undefined);
    } catch (error) {
      setTrouble(messageOf(error));
    }
  }
  return (
    <>
      <div class="call-list">
        {byDay(calls).map(([day, rows]) => (
          <section key={day} aria-labelledby={`day-${day}`}>
            <h2 id={`day-${day}`} class="day-head">
              {namedDay(day, dayOfInstant(new Date()))}
              <span>{rows.length === 1 ? "1 call" : `${rows.length} calls`}</span>
            </h2>
            <ul>
              {rows.map((call) => (
                <CallItem key={call.id} call={call} />
              ))}
            </ul>
          </section>
        ))}
      </div>
      {trouble !== undefined && <Trouble message={trouble} />}
      {next !== null && (
        <button type="button" class="button is-wide" onClick={() => void more(next)}>
          Show older calls
        </button>
      )}
    </>
  );
}

function byDay(calls: CallRow[]): [string, CallRow[]][] {
  const days = new Map<string, CallRow[]>();
  for (const call of calls) {
    const day = dayOfInstant(call.startedAt);
    days.set(day, [...(days.get(day) ?? []), call]);
  }
  return [...days];
}

function CallItem({ call }: { call: CallRow }) {
  const { main, sub } = whoOf(call);
  return (
    <li class="call-item">
      <time class="call-time">{clockOfInstant(call.startedAt)}</time>
      <div class="call-who">
        <Link to={`/calls/${encodeURIComponent(call.id)}`} class="call-link">
          {main}
        </Link>
        {sub !== undefined && <span>{sub}</span>}
      </div>
      <div class="call-what">
        <OutcomeBadge outcome={call.endedAt === null ? null : call.outcome} />
        {call.viewing !== null && (
          <span class="ellipsis">
            {call.viewing.address} · {shortDay(call.viewing.start.slice(0, 10))}, {call.viewing.start.slice(11)}
          </span>
        )}
      </div>
      <span class="call-length">
        {call.endedAt === null ? "now" : duration(secondsBetween(call.startedAt, call.endedAt))}
      </span>
    </li>
  );
}

/** A name where one was written down, the number where one is known. */
export function whoOf(call: CallRow): { main: string; sub: string | undefined } {
  const number = call.callerNumber === null ? undefined : phone(call.callerNumber);
  const unknown =
    call.withheld === true ? "Number withheld" : call.disclosedAt === null ? "Caller not kept" : "Unknown caller";
  if (call.name !== null) return { main: call.name, sub: number ?? unknown };
  return { main: number ?? unknown, sub: call.callerDisplay ?? undefined };
}
