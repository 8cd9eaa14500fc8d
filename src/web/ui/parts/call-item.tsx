import type { CallRow } from "../../api/shapes.ts";
import { clockOfInstant, duration, phone, secondsBetween, shortDay } from "../format.ts";
import { Link } from "../router.tsx";
import { emergencyName } from "../words.ts";
import { OutcomeBadge } from "./bits.tsx";

/** One call as a row of a list; all of it is the link to the call. */
export function CallItem({ call }: { call: CallRow }) {
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
        {call.emergency !== null && <span class="ellipsis">{emergencyName(call.emergency)}</span>}
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
