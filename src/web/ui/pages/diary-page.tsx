import { useEffect, useState } from "preact/hooks";
import type { Diary, ViewingCard } from "../../api/shapes.ts";
import { get } from "../api.ts";
import { addDays, dayOfInstant, mondayOf, namedDay, shortDay } from "../format.ts";
import { happened } from "../live.ts";
import { useLoaded } from "../load.ts";
import { Agenda } from "../parts/agenda.tsx";
import { PageHead, Shown } from "../parts/bits.tsx";
import { DiaryGrid, dayColumns, staffColumns } from "../parts/diary-grid.tsx";
import { Icon } from "../parts/icon.tsx";
import { ViewingDialog } from "../parts/viewing-dialog.tsx";

type View = "week" | "day";

/** Below this width a grid of days cannot be read: the same viewings as a list. */
const narrow = matchMedia("(max-width: 760px)");

export function DiaryPage() {
  const today = dayOfInstant(new Date());
  const [view, setView] = useState<View>("week");
  const [day, setDay] = useState(today);
  const [opened, setOpened] = useState<ViewingCard | undefined>(undefined);
  const isNarrow = useMatches(narrow);
  const from = view === "week" ? mondayOf(day) : day;
  const to = view === "week" ? addDays(from, 6) : day;
  const path = `/viewings?from=${from}&to=${to}`;
  const diary = useLoaded(path, (signal, background) => get<Diary>(path, signal, background), happened.value);
  const step = view === "week" ? 7 : 1;
  return (
    <>
      <PageHead title="Diary" sub={view === "week" ? weekName(from, to) : namedDay(day, today)}>
        <Choice view={view} onView={setView} />
        <div class="stepper">
          <button
            type="button"
            class="button"
            aria-label={`Previous ${view}`}
            onClick={() => setDay(addDays(day, -step))}
          >
            <Icon name="back" />
          </button>
          <button type="button" class="button" onClick={() => setDay(today)}>
            Today
          </button>
          <button type="button" class="button" aria-label={`Next ${view}`} onClick={() => setDay(addDays(day, step))}>
            <Icon name="forward" />
          </button>
        </div>
      </PageHead>
      <Shown of={diary}>
        {(value) =>
          isNarrow ? (
            <Agenda diary={value} today={today} onOpen={setOpened} />
          ) : (
            <DiaryGrid
              diary={value}
              columns={view === "week" ? dayColumns(value, today) : staffColumns(value, day)}
              onOpen={setOpened}
              onDay={(chosen) => {
                setDay(chosen);
                setView("day");
              }}
            />
          )
        }
      </Shown>
      {opened !== undefined && <ViewingDialog viewing={opened} close={() => setOpened(undefined)} />}
    </>
  );
}

const weekName = (from: string, to: string) => `${shortDay(from)} to ${shortDay(to)} ${to.slice(0, 4)}`;

function Choice({ view, onView }: { view: View; onView: (view: View) => void }) {
  return (
    <fieldset class="chips is-joined">
      <legend class="hidden">View</legend>
      {(["week", "day"] as const).map((value) => (
        <label key={value} class="chip">
          <input type="radio" name="view" checked={view === value} onChange={() => onView(value)} />
          <span>{value === "week" ? "Week" : "Day by negotiator"}</span>
        </label>
      ))}
    </fieldset>
  );
}

function useMatches(query: MediaQueryList): boolean {
  const [matches, setMatches] = useState(query.matches);
  useEffect(() => {
    const change = () => setMatches(query.matches);
    query.addEventListener("change", change);
    return () => query.removeEventListener("change", change);
  }, [query]);
  return matches;
}
