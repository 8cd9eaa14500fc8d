import type { Diary, ViewingCard } from "../../api/shapes.ts";
import { namedDay } from "../format.ts";
import { Badge, Empty } from "./bits.tsx";

type Props = { diary: Diary; today: string; onOpen: (viewing: ViewingCard) => void };

type Day = { day: string; items: ViewingCard[] };

/** The diary for small screens: what is to come, day after day; then what has been. */
export function Agenda({ diary: { days, viewings }, today, onOpen }: Props) {
  const filled = days
    .map(({ day }) => ({ day, items: viewings.filter(({ start }) => start.startsWith(day)) }))
    .filter(({ items }) => items.length > 0);
  const past = filled.filter(({ day }) => day < today);
  const coming = filled.filter(({ day }) => day >= today);
  if (filled.length === 0) {
    return (
      <Empty icon="diary" title="Nothing booked">
        Viewings appear here the moment Gatehouse books them.
      </Empty>
    );
  }
  return (
    <div class="agenda">
      {coming.map((entry) => (
        <AgendaDay key={entry.day} entry={entry} today={today} onOpen={onOpen} />
      ))}
      {past.length > 0 && coming.length > 0 && <p class="agenda-past">Earlier</p>}
      {past.map((entry) => (
        <AgendaDay key={entry.day} entry={entry} today={today} onOpen={onOpen} />
      ))}
    </div>
  );
}

function AgendaDay({ entry: { day, items }, today, onOpen }: { entry: Day } & Pick<Props, "today" | "onOpen">) {
  return (
    <section>
      <h2 class="day-head">{namedDay(day, today)}</h2>
      <ul>
        {[...items]
          .sort((a, b) => (a.start < b.start ? -1 : 1))
          .map((viewing) => (
            <li key={viewing.id}>
              <button type="button" class="agenda-item" onClick={() => onOpen(viewing)}>
                <strong>{viewing.start.slice(11)}</strong>
                <span class={viewing.status === "cancelled" ? "is-struck" : ""}>{viewing.property.address}</span>
                <span class="soft">
                  {viewing.contact.name} · {viewing.staff.name}
                </span>
                {viewing.status === "cancelled" && <Badge tone="quiet">Cancelled</Badge>}
              </button>
            </li>
          ))}
      </ul>
    </section>
  );
}
