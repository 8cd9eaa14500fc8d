import { signal } from "@preact/signals";
import { useEffect, useRef } from "preact/hooks";
import type { CallPage } from "../../api/shapes.ts";
import { get } from "../api.ts";
import { clockOfInstant, duration, phone, secondsBetween } from "../format.ts";
import { happened, liveState, runningCalls } from "../live.ts";
import { type LiveCall, slotsShown } from "../live-calls.ts";
import { useLoaded } from "../load.ts";
import { Badge, Empty, OutcomeBadge, PageHead } from "../parts/bits.tsx";
import { CallItem } from "../parts/call-item.tsx";
import { Icon } from "../parts/icon.tsx";
import { addressOf, loadProperties } from "../properties.ts";
import { Link } from "../router.tsx";
import { slotName, slotValue, transferOf, viewingSlots } from "../words.ts";

const now = signal(Date.now());

export function LivePage() {
  const { calls } = liveState.value;
  const running = runningCalls.value.length;
  useEffect(() => {
    loadProperties();
    const ticking = setInterval(() => {
      now.value = Date.now();
    }, 1_000);
    return () => clearInterval(ticking);
  }, []);
  return (
    <>
      <PageHead title="Live calls" sub={running === 0 ? "Nobody is on the line" : counted(running)} />
      {calls.length === 0 ? (
        <Empty icon="live" title="All quiet">
          When somebody rings, the call appears here as it happens: what the caller says, what Gatehouse answers, and
          what gets booked.
        </Empty>
      ) : (
        <div class={`live-cards${calls.length === 1 ? " is-single" : ""}`}>
          {calls.map((call) => (
            <LiveCard key={call.id} call={call} />
          ))}
        </div>
      )}
      <Latest />
      <output class="hidden">{announcement(calls)}</output>
    </>
  );
}

/** The last few that have ended; nothing while there are none. */
function Latest() {
  const path = "/calls?limit=6";
  const latest = useLoaded(path, (signal, background) => get<CallPage>(path, signal, background), happened.value);
  if (latest.kind !== "loaded") return null;
  const ended = latest.value.calls.filter(({ endedAt }) => endedAt !== null).slice(0, 5);
  if (ended.length === 0) return null;
  return (
    <section class="call-list latest" aria-labelledby="latest">
      <h2 id="latest" class="day-head">
        Latest calls
      </h2>
      <ul>
        {ended.map((call) => (
          <CallItem key={call.id} call={call} />
        ))}
      </ul>
    </section>
  );
}

const counted = (running: number) => (running === 1 ? "One call on the line" : `${running} calls on the line`);

/** For those who hear the page instead of seeing it: only what matters most. */
function announcement(calls: readonly LiveCall[]): string {
  const booked = calls.filter(({ viewingId }) => viewingId !== null).length;
  return booked === 0 ? "" : `${booked} ${booked === 1 ? "viewing" : "viewings"} booked in the calls shown.`;
}

function LiveCard({ call }: { call: LiveCall }) {
  const title = callerOf(call);
  return (
    <article class={`live-card${call.ended ? " is-ended" : ""}`} aria-label={`Call: ${title}`}>
      <header>
        <span class={call.ended ? "dot" : "dot is-live"} />
        <div class="live-who">
          <h2>{title}</h2>
          <p>
            {call.line === "*" ? "" : `Line ${call.line} · `}since {clockOfInstant(call.startedAt)}
          </p>
        </div>
        {call.viewingId !== null && !call.ended && (
          <Badge tone="good">
            <Icon name="check" />
            Viewing booked
          </Badge>
        )}
        {call.transfer !== null && !call.ended && <TransferBadge transfer={call.transfer} />}
        {call.ended ? <OutcomeBadge outcome={call.ended.outcome} /> : <Elapsed since={call.startedAt} />}
      </header>
      <div class="live-body">
        <Talk call={call} />
        <Slots call={call} />
      </div>
      {call.ended && (
        <footer>
          Ended at {clockOfInstant(call.ended.at)} after {duration(secondsBetween(call.startedAt, call.ended.at))}
          <Link to={`/calls/${encodeURIComponent(call.id)}`} class="button">
            Open call
          </Link>
        </footer>
      )}
    </article>
  );
}

function TransferBadge({ transfer }: { transfer: NonNullable<LiveCall["transfer"]> }) {
  const { label, tone } = transferOf(transfer.state, transfer.person);
  return <Badge tone={tone}>{label}</Badge>;
}

function callerOf({ identified, caller }: LiveCall): string {
  if (!identified) return "New caller";
  return caller === null ? "Number withheld" : phone(caller);
}

function Elapsed({ since }: { since: string }) {
  return (
    <time class="elapsed">
      <span class="hidden">Time on the line </span>
      {duration(secondsBetween(since, now.value))}
    </time>
  );
}

/** The conversation; it follows its end unless somebody has scrolled up to read. */
function Talk({ call }: { call: LiveCall }) {
  const box = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  const { turns, caption, identified, ended } = call;
  const toEnd = () => {
    if (follows.current && box.current) box.current.scrollTop = box.current.scrollHeight;
  };
  useEffect(toEnd, [turns, caption]);
  useEffect(() => {
    // Another card beside this one makes it narrower, and its end moves.
    const watcher = new ResizeObserver(toEnd);
    if (box.current) watcher.observe(box.current);
    return () => watcher.disconnect();
  }, []);
  const watch = () => {
    const element = box.current;
    if (element) follows.current = element.scrollHeight - element.scrollTop - element.clientHeight < 40;
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must reach it (WCAG 2.1.1)
    <div class="talk" ref={box} onScroll={watch} role="log" aria-label="Conversation" tabIndex={0}>
      {!identified && (
        <p class="talk-note">The recording notice is playing. Nothing of the caller is kept before it ends.</p>
      )}
      {turns.map(({ n, heard, said }) => (
        <div key={n} class="talk-turn">
          {heard !== "" && <p class="bubble is-caller">{heard}</p>}
          {said !== "" && <p class="bubble is-agent">{said}</p>}
        </div>
      ))}
      {caption !== null && caption !== "" && (
        <p class="bubble is-caller is-caption">
          {caption}
          <span class="typing" aria-hidden="true" />
        </p>
      )}
      {!ended && turns.length === 0 && identified && caption === null && <p class="talk-note">Listening…</p>}
    </div>
  );
}

function Slots({ call }: { call: LiveCall }) {
  const { asks, viewingId, ended } = call;
  const slots = slotsShown(call);
  const others = Object.keys(slots).filter((name) => !viewingSlots.some((slot) => slot === name));
  return (
    <div class="slots">
      <h3>{viewingId === null ? "Heard so far" : "Booked"}</h3>
      <ol>
        {[...viewingSlots, ...others].map((name) => {
          const value = slots[name];
          const asked = !ended && value === undefined && asks === name;
          return (
            <li key={name} class={value !== undefined ? "is-filled" : asked ? "is-asked" : ""}>
              <span class="slot-mark">{value !== undefined && <Icon name="check" />}</span>
              <span class="slot-name">{slotName(name)}</span>
              <span class="slot-value">
                {value !== undefined ? slotValue(value, addressOf) : asked ? "asking now" : "–"}
              </span>
            </li>
          );
        })}
      </ol>
      {asks === "confirm" && !ended && viewingId === null && <p class="hint">Reading it back to the caller.</p>}
    </div>
  );
}
