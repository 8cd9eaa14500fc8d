import { useEffect, useState } from "preact/hooks";
import type { Diary, ViewingCard } from "../../api/shapes.ts";
import { type Hours, hoursShown, minutesOf, type Placed, placeSideBySide } from "../diary-layout.ts";
import { clockOfInstant, dayOfInstant, initials, shortDay } from "../format.ts";

type Column = {
  key: string;
  title: string;
  /** The day that the column shows; its title leads there if it is one of several. */
  day: string;
  leads: boolean;
  isToday: boolean;
  open: [string, string] | null;
  viewings: ViewingCard[];
};

/** A column a day. A Sunday on which nobody works and nothing is booked is left out. */
export function dayColumns({ days, viewings }: Diary, today: string): Column[] {
  return days
    .map(({ day, open }) => ({
      key: day,
      title: shortDay(day),
      day,
      leads: true,
      isToday: day === today,
      open,
      viewings: viewings.filter(({ start }) => start.startsWith(day)),
    }))
    .filter(({ day, open, viewings: some }) => open !== null || some.length > 0 || !isSunday(day));
}

const isSunday = (day: string) => new Date(`${day}T12:00:00Z`).getUTCDay() === 0;
const weekdays = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"] as const;

/** A column for each negotiator who works that day or has something booked on it. */
export function staffColumns({ days, viewings, staff }: Diary, day: string): Column[] {
  const office = days.find((entry) => entry.day === day)?.open ?? null;
  const weekday = weekdays[new Date(`${day}T12:00:00Z`).getUTCDay()] ?? "mon";
  const columns = staff.map(({ id, name, rota }) => ({
    key: id,
    title: name,
    day,
    leads: false,
    isToday: day === dayOfInstant(new Date()),
    open: office && (rota[weekday] ?? null),
    viewings: viewings.filter((viewing) => viewing.staffId === id && viewing.start.startsWith(day)),
  }));
  const useful = columns.filter((column) => column.open !== null || column.viewings.length > 0);
  return useful.length > 0 ? useful : columns.slice(0, 1);
}

type Props = {
  diary: Diary;
  columns: Column[];
  onOpen: (viewing: ViewingCard) => void;
  onDay: (day: string) => void;
};

/** Times down, days or negotiators across. */
export function DiaryGrid({ diary, columns, onOpen, onDay }: Props) {
  const hours = hoursShown(diary);
  const marks = Array.from({ length: (hours.until - hours.from) / 60 }, (_, hour) => hours.from + hour * 60);
  const tones = new Map(diary.staff.map(({ id }, index) => [id, index % 6]));
  return (
    <>
      <div class="grid" style={{ "--columns": String(columns.length), "--hours": String(marks.length) }}>
        <div class="grid-corner" />
        {columns.map((column) => (
          <div key={column.key} class={`grid-title${column.isToday && column.leads ? " is-today" : ""}`}>
            {column.leads ? (
              <button type="button" onClick={() => onDay(column.day)}>
                {column.title}
              </button>
            ) : (
              column.title
            )}
            {column.open === null && <span>{column.leads ? "closed" : "not in"}</span>}
          </div>
        ))}
        <div class="grid-times" aria-hidden="true">
          {marks.map((mark) => (
            <span key={mark}>{String(mark / 60).padStart(2, "0")}:00</span>
          ))}
        </div>
        {columns.map((column) => (
          <GridColumn key={column.key} column={column} hours={hours} tones={tones} onOpen={onOpen} />
        ))}
      </div>
      {diary.viewings.length === 0 && (
        <p class="grid-empty">Nothing is booked in these days. Viewings appear here the moment Gatehouse books them.</p>
      )}
      {columns.some(({ leads }) => leads) && <Legend diary={diary} tones={tones} />}
    </>
  );
}

type ColumnProps = { column: Column; hours: Hours; tones: Map<string, number>; onOpen: Props["onOpen"] };

function GridColumn({ column, hours, tones, onOpen }: ColumnProps) {
  const length = hours.until - hours.from;
  const share = (minutes: number) => `${((minutes - hours.from) / length) * 100}%`;
  const [opens, closes] = (column.open ?? ["24:00", "24:00"]).map(minutesOf);
  return (
    <section class={`grid-column${column.isToday ? " is-today" : ""}`} aria-label={column.title}>
      {column.open === null ? (
        <div class="grid-shut" style={{ top: "0%", bottom: "0%" }} />
      ) : (
        <>
          <div class="grid-shut" style={{ top: "0%", height: share(opens ?? hours.from) }} />
          <div class="grid-shut" style={{ top: share(closes ?? hours.until), bottom: "0%" }} />
        </>
      )}
      {column.isToday && <NowLine hours={hours} />}
      {placeSideBySide(column.viewings).map((placed) => (
        <Block
          key={placed.item.id}
          placed={placed}
          top={share(minutesOf(placed.item.start))}
          height={`${(placed.item.minutes / length) * 100}%`}
          tone={tones.get(placed.item.staffId) ?? 0}
          withStaff={column.leads}
          onOpen={onOpen}
        />
      ))}
    </section>
  );
}

type BlockProps = {
  placed: Placed<ViewingCard>;
  top: string;
  height: string;
  tone: number;
  withStaff: boolean;
  onOpen: Props["onOpen"];
};

function Block({ placed: { item, lane, lanes }, top, height, tone, withStaff, onOpen }: BlockProps) {
  const { start, status, awaiting, property, contact, staff } = item;
  const states = `${status === "cancelled" ? " is-cancelled" : ""}${awaiting ? " is-awaiting" : ""}`;
  return (
    <button
      type="button"
      class={`block tone-${tone}${states}`}
      style={{ top, height, left: `${(lane / lanes) * 100}%`, width: `${100 / lanes}%` }}
      aria-label={`${start.slice(11)}, ${property.address}, ${contact.name}, with ${staff.name}${
        status === "cancelled" ? ", cancelled" : ""
      }`}
      onClick={() => onOpen(item)}
    >
      <span class="block-line">
        <strong>{start.slice(11)}</strong> {property.address}
      </span>
      <span class="block-line is-soft">
        {contact.name}
        {withStaff && lanes < 3 && <abbr title={staff.name}>{initials(staff.name)}</abbr>}
      </span>
    </button>
  );
}

/** Moves once a minute. */
function NowLine({ hours }: { hours: Hours }) {
  const [now, setNow] = useState(() => minutesOf(clockOfInstant(new Date().toISOString())));
  useEffect(() => {
    const ticking = setInterval(() => setNow(minutesOf(clockOfInstant(new Date().toISOString()))), 60_000);
    return () => clearInterval(ticking);
  }, []);
  if (now < hours.from || now > hours.until) return null;
  return <div class="grid-now" style={{ top: `${((now - hours.from) / (hours.until - hours.from)) * 100}%` }} />;
}

function Legend({ diary, tones }: { diary: Diary; tones: Map<string, number> }) {
  const busy = diary.staff.filter(({ id }) => diary.viewings.some(({ staffId }) => staffId === id));
  if (busy.length === 0) return null;
  return (
    <ul class="legend" aria-label="Colours of the negotiators">
      {busy.map(({ id, name }) => (
        <li key={id}>
          <span class={`legend-mark tone-${tones.get(id) ?? 0}`} />
          {name}
        </li>
      ))}
    </ul>
  );
}
