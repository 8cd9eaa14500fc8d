import type { Diary, ViewingCard } from "../../api/shapes.ts";
import { namedDay } from "../format.ts";
import { Badge, Empty } from "./bits.tsx";

type Props = { diary: Diary; today: string; onOpen: (viewing: ViewingCard) => void };

/** The diary for small screens: day after day, only those with something in them. */
export function Agenda({ diary: { days, viewings }, today, onOpen }: Props) {
  const filled = days
    .map(({ day }) => ({ day, items: viewings.filter(({ start }) => start.startsWith(day)) }))
    .filter(({ items }) => items.length > 0);
  if (filled.length === 0) {
    return (
      <Empty icon="diary" title="Nothing booked">
        Viewings appear here the moment Gatehouse books them.
      </Empty>
    );
  }
  return (
    <div class="agenda">
      {filled.map(({ day, items }) => (
        <section key={day}>
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
      ))}
    </div>
  );
}
