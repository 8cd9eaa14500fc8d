import { useState } from "preact/hooks";
import type { CallRow, Outcome, CallPage as Page } from "../../api/shapes.ts";
import { get, messageOf } from "../api.ts";
import { dayOfInstant, namedDay } from "../format.ts";
import { happened } from "../live.ts";
import { useLoaded } from "../load.ts";
import { Empty, PageHead, Shown, Trouble } from "../parts/bits.tsx";
import { CallItem } from "../parts/call-item.tsx";
import { Link } from "../router.tsx";
import { may } from "../session.ts";

const filters: { value: Outcome | ""; label: string }[] = [
  { value: "", label: "All" },
  { value: "booked", label: "Viewings booked" },
  { value: "transferred", label: "Put through" },
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
      <PageHead title="Calls" sub="Newest first">
        {may("insights:read") && (
          <Link to="/unanswered" class="button">
            What we could not answer
          </Link>
        )}
      </PageHead>
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
