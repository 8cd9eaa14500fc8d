import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { AppStatus, SipTrace } from "../../api/shapes.ts";
import { get, post } from "../api.ts";
import { useLoaded } from "../load.ts";
import { Badge, Shown } from "./bits.tsx";
import { ConfirmDialog } from "./confirm-dialog.tsx";

type Question = { title: string; yes: string; text: ComponentChildren; path: string; on: boolean };

const drain: Question = {
  title: "Send new calls to people?",
  yes: "Send new calls to people",
  text: "Calls that are running go on to their end. New ones are refused, so that the telephone system puts them through to people, until calls are taken again or Gatehouse is restarted.",
  path: "/maintenance/drain",
  on: true,
};
const resume: Question = {
  title: "Take calls again?",
  yes: "Take calls again",
  text: "New calls are answered by Gatehouse from now on.",
  path: "/maintenance/drain",
  on: false,
};
const keep: Question = {
  title: "Keep SIP messages?",
  yes: "Keep messages",
  text: "The last 1,000 messages to and from the telephone system are kept in memory until this is switched off. Names, numbers, keys and passwords are taken out first.",
  path: "/maintenance/trace",
  on: true,
};
const forget: Question = {
  title: "Stop keeping SIP messages?",
  yes: "Stop, and forget them",
  text: "What was kept is forgotten. Save it first if it is still needed.",
  path: "/maintenance/trace",
  on: false,
};

/** What agency IT switches. Every switch is asked for twice and written to the audit log. */
export function Maintenance({ status, changed }: { status: AppStatus; changed: () => void }) {
  const [question, ask] = useState<Question>();
  const { tracing } = status.sip;
  const isDrained = status.state === "draining";
  const works = isDrained || status.state === "answering";
  return (
    <section class="panel is-whole">
      <h2>Maintenance</h2>
      <p class="maintenance-row">
        <span>
          New calls: <Badge tone={isDrained ? "warn" : "good"}>{isDrained ? "go to people" : "are taken"}</Badge>
        </span>
        <button type="button" class="button" disabled={!works} onClick={() => ask(isDrained ? resume : drain)}>
          {isDrained ? resume.yes : drain.yes}
        </button>
      </p>
      <p class="maintenance-row">
        <span>
          SIP messages: <Badge tone={tracing ? "warn" : "quiet"}>{tracing ? "are kept" : "are not kept"}</Badge>
        </span>
        <button type="button" class="button" disabled={!works} onClick={() => ask(tracing ? forget : keep)}>
          {tracing ? "Stop keeping messages" : keep.yes}
        </button>
      </p>
      {tracing && <Trace />}
      {question !== undefined && (
        <ConfirmDialog
          title={question.title}
          yes={question.yes}
          act={async () => {
            await post(question.path, { on: question.on });
            changed();
          }}
          close={() => ask(undefined)}
        >
          {question.text}
        </ConfirmDialog>
      )}
    </section>
  );
}

/** Shown when asked for: each look is written to the audit log. */
function Trace() {
  const [looks, look] = useState(0);
  return (
    <div class="trace">
      <p class="maintenance-row">
        <button type="button" class="button" onClick={() => look(looks + 1)}>
          {looks === 0 ? "Show messages" : "Show the newest"}
        </button>
        <a class="button" href="/api/maintenance/trace.txt" download>
          Save as a file
        </a>
      </p>
      {looks > 0 && <Messages key={looks} />}
    </div>
  );
}

function Messages() {
  const trace = useLoaded("trace", (signal) => get<SipTrace>("/maintenance/trace", signal));
  return (
    <Shown of={trace}>
      {({ messages }) =>
        messages.length === 0 ? (
          <p class="hint">No message has come or gone since.</p>
        ) : (
          <ol class="trace-messages">
            {messages.map(({ at, direction, peer, text }, index) => (
              <li key={index}>
                <h3>
                  {direction === "in" ? "From" : "To"} {peer} at <time>{at.slice(11, 23)}</time> UTC
                </h3>
                <pre>{text}</pre>
              </li>
            ))}
          </ol>
        )
      }
    </Shown>
  );
}
