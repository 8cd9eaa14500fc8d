import { useRef } from "preact/hooks";
import type { CallDetail, CallMessage, StoredTurn, ViewingCard } from "../../api/shapes.ts";
import { get } from "../api.ts";
import { clockOfInstant, dayOfInstant, duration, namedDay, phone, secondsBetween } from "../format.ts";
import { happened } from "../live.ts";
import { useLoaded } from "../load.ts";
import { AfterPanel, CallTasks } from "../parts/after-panel.tsx";
import { Fact, OutcomeBadge, Shown } from "../parts/bits.tsx";
import { whoOf } from "../parts/call-item.tsx";
import { Conversation } from "../parts/conversation.tsx";
import { Icon } from "../parts/icon.tsx";
import { Player, type PlayerHandle } from "../parts/player.tsx";
import { Signalling } from "../parts/signalling.tsx";
import { ViewingFacts } from "../parts/viewing-facts.tsx";
import { Link } from "../router.tsx";
import { may } from "../session.ts";
import { emergencyName } from "../words.ts";

export function CallPage({ id }: { id: string }) {
  const path = `/calls/${encodeURIComponent(id)}`;
  const detail = useLoaded(path, (signal, background) => get<CallDetail>(path, signal, background), happened.value);
  return (
    <>
      <Link to="/calls" class="back">
        <Icon name="back" />
        All calls
      </Link>
      <Shown of={detail}>{(value) => <Detail detail={value} path={path} />}</Shown>
    </>
  );
}

function Detail({ detail, path }: { detail: CallDetail; path: string }) {
  const { call, turns, viewings, messages, tasks, after, contactId } = detail;
  const player = useRef<PlayerHandle>(null);
  const { main, sub } = whoOf(call);
  const day = namedDay(dayOfInstant(call.startedAt), dayOfInstant(new Date()));
  const recorded = call.endedAt !== null && call.recording !== null;
  return (
    <>
      <div class="page-head">
        <div>
          <h1>{main}</h1>
          <p class="sub">
            {day} at {clockOfInstant(call.startedAt)}
            {sub !== undefined && ` · ${sub}`}
          </p>
        </div>
        <OutcomeBadge outcome={call.endedAt === null ? null : call.outcome} />
      </div>
      <div class="call-columns">
        <div class="call-main">
          {after !== null && <AfterPanel after={after} />}
          {recorded && <Player handle={player} path={path} />}
          <section class="panel" aria-label="Conversation">
            <Conversation turns={turns} onPlay={recorded ? (atMs) => player.current?.playFrom(atMs) : undefined} />
          </section>
          {may("signalling:read") && <Signalling key={call.endedAt} path={path} />}
        </div>
        <aside>
          {viewings.map((viewing) => (
            <ViewingPanel key={viewing.id} viewing={viewing} />
          ))}
          {messages.map((message) => (
            <MessagePanel key={message.id} message={message} />
          ))}
          {tasks.length > 0 && may("tasks:read") && <CallTasks tasks={tasks} />}
          <section class="panel">
            <h2>This call</h2>
            <dl>
              {call.line !== "*" && <Fact name="Line">{call.line}</Fact>}
              <Fact name="Length">
                {call.endedAt === null ? "still running" : duration(secondsBetween(call.startedAt, call.endedAt))}
              </Fact>
              {call.emergency !== null && <Fact name="Emergency">{emergencyName(call.emergency)}</Fact>}
              {call.endedBy !== null && (
                <Fact name="Ended by">{call.endedBy === "caller" ? "the caller" : "Gatehouse"}</Fact>
              )}
              <Fact name="Recording notice">{call.disclosedAt === null ? "not heard in full" : "heard in full"}</Fact>
              {contactId !== null && may("contacts:read") && (
                <Fact name="Contact">
                  <Link to={`/contacts/${encodeURIComponent(contactId)}`}>All we know of them</Link>
                </Fact>
              )}
              <Fact name="Certainty">{certaintyOf(turns)}</Fact>
            </dl>
            {call.recording === "open" && call.endedAt !== null && (
              <p class="hint">The recording was cut off and may lack its last second.</p>
            )}
          </section>
        </aside>
      </div>
    </>
  );
}

function certaintyOf(turns: StoredTurn[]): string {
  const known = turns.flatMap(({ confidence }) => (confidence === null ? [] : [confidence]));
  if (known.length === 0) return "–";
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  return `${Math.round(mean * 100)} % on average`;
}

function ViewingPanel({ viewing }: { viewing: ViewingCard }) {
  return (
    <section class="panel is-booked">
      <h2>
        <Icon name="home" />
        Viewing
      </h2>
      <ViewingFacts viewing={viewing} />
    </section>
  );
}

function MessagePanel({ message }: { message: CallMessage }) {
  return (
    <section class="panel is-message">
      <h2>
        <Icon name="note" />
        Message{message.forWhom !== null && ` for ${message.forWhom}`}
      </h2>
      <blockquote>{message.about}</blockquote>
      <dl>
        <Fact name="From">{message.name}</Fact>
        <Fact name="Phone">
          <a href={`tel:${message.phone}`}>{phone(message.phone)}</a>
        </Fact>
      </dl>
    </section>
  );
}
