import type { TaskCard, TaskList } from "../../api/shapes.ts";
import { clockOfInstant, dayOfInstant, localNow, phone, shortDay, withTimes } from "../format.ts";
import { Link } from "../router.tsx";
import { may } from "../session.ts";
import { taskKind } from "../words.ts";
import { Badge } from "./bits.tsx";

type ItemProps = {
  task: TaskCard;
  staff: TaskList["staff"];
  isBusy: boolean;
  assign: (staffId: string | null) => void;
  setStatus: (status: "open" | "done") => void;
};

/** One task, and what can be done with it. */
export function TaskItem({ task, staff, isBusy, assign, setStatus }: ItemProps) {
  const { id, kind, about, contact, property, callId, callerNumber, status } = task;
  return (
    <li class="task-item" aria-labelledby={`task-${id}`}>
      <div class="task-main">
        <p id={`task-${id}`} class="task-about">
          <strong>{taskKind(kind)}</strong> {withTimes(about)}
        </p>
        <p class="task-facts">
          <DueBadge task={task} />
          {contact !== null && (
            <Link to={`/contacts/${encodeURIComponent(contact.id)}`}>{contact.name || "Contact"}</Link>
          )}
          {contact !== null && contact.phone !== "" && <a href={`tel:${contact.phone}`}>{phone(contact.phone)}</a>}
          {contact === null && callerNumber !== null && <a href={`tel:${callerNumber}`}>{phone(callerNumber)}</a>}
          {property !== null && <span>{property.address}</span>}
          {callId !== null && (
            <Link to={`/calls/${encodeURIComponent(callId)}`} label={`The call of: ${about}`}>
              The call
            </Link>
          )}
        </p>
      </div>
      {may("tasks:manage") && (
        <div class="task-end">
          <Assignee task={task} staff={staff} isBusy={isBusy} assign={assign} />
          <button
            type="button"
            class="button"
            disabled={isBusy}
            aria-describedby={`task-${id}`}
            onClick={() => setStatus(status === "open" ? "done" : "open")}
          >
            {status === "open" ? "Done" : "Open again"}
          </button>
        </div>
      )}
    </li>
  );
}

function Assignee({ task, staff, isBusy, assign }: Omit<ItemProps, "setStatus">) {
  const { staffId, forWhom, about } = task;
  return (
    <label class="assignee">
      <span class="hidden">Who sees to: {about}</span>
      <select
        value={staffId ?? ""}
        disabled={isBusy || task.status !== "open"}
        onChange={(event) => assign(event.currentTarget.value === "" ? null : event.currentTarget.value)}
      >
        <option value="">{staffId === null && forWhom !== null ? `Asked for ${forWhom}` : "Nobody yet"}</option>
        {staff.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}

/** When it is due, or what became of it. */
export function DueBadge({ task: { due, status, doneAt } }: { task: TaskCard }) {
  if (status === "cancelled") return <Badge tone="quiet">Cancelled</Badge>;
  if (status === "done") {
    const when = doneAt === null ? "" : ` ${shortDay(dayOfInstant(doneAt))}, ${clockOfInstant(doneAt)}`;
    return <Badge tone="good">Done{when}</Badge>;
  }
  if (due === null) return <Badge tone="quiet">No time set</Badge>;
  const isLate = due < localNow(new Date());
  return (
    <Badge tone={isLate ? "bad" : "info"}>
      {isLate ? "Overdue since" : "Due"} {shortDay(due.slice(0, 10))}, {due.slice(11)}
    </Badge>
  );
}
