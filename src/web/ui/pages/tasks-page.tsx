import { useEffect, useRef, useState } from "preact/hooks";
import type { TaskCard, TaskList } from "../../api/shapes.ts";
import { get, messageOf, put } from "../api.ts";
import { withTimes } from "../format.ts";
import { happened } from "../live.ts";
import { useLoaded } from "../load.ts";
import { Empty, PageHead, Shown, Trouble } from "../parts/bits.tsx";
import { TaskItem } from "../parts/task-item.tsx";

type Status = "open" | "done";
type Changed = { task: TaskCard; to: Status };
const filters: { value: Status; label: string }[] = [
  { value: "open", label: "Open" },
  { value: "done", label: "Done" },
];
const pathOf = ({ id }: TaskCard, what: "status" | "assignee") => `/tasks/${encodeURIComponent(id)}/${what}`;

/** What the office has to do: who sees to it, by when, and that it is done. */
export function TasksPage() {
  const [status, setStatus] = useState<Status>("open");
  const [changes, setChanges] = useState(0);
  const [busy, setBusy] = useState<string>();
  const [changed, setChanged] = useState<Changed>();
  const [trouble, setTrouble] = useState<string>();
  const path = `/tasks?status=${status}`;
  const list = useLoaded(
    path,
    (signal, background) => get<TaskList>(path, signal, background),
    changes + happened.value,
  );
  const change = async (task: TaskCard, work: () => Promise<void>) => {
    setBusy(task.id);
    setTrouble(undefined);
    await work().catch((error: unknown) => setTrouble(messageOf(error)));
    setBusy(undefined);
    setChanges((before) => before + 1);
  };
  const become = (task: TaskCard, to: Status) =>
    change(task, async () => {
      await put(pathOf(task, "status"), { status: to });
      setChanged({ task, to });
    });
  return (
    <>
      <PageHead title="Tasks" sub="What calls left to be done, the most urgent first" />
      <fieldset class="chips">
        <legend class="hidden">Show</legend>
        {filters.map(({ value, label }) => (
          <label key={value} class="chip">
            <input
              type="radio"
              name="status"
              checked={status === value}
              onChange={() => {
                setStatus(value);
                setChanged(undefined);
              }}
            />
            <span>{label}</span>
          </label>
        ))}
      </fieldset>
      {trouble !== undefined && <Trouble message={trouble} />}
      {changed !== undefined && (
        <ChangedNotice
          key={`${changed.task.id} ${changed.to}`}
          changed={changed}
          undo={() => void become(changed.task, changed.to === "done" ? "open" : "done")}
        />
      )}
      <Shown of={list}>
        {({ tasks, staff }) =>
          tasks.length === 0 ? (
            <Empty icon="check" title={status === "open" ? "Nothing to do" : "Nothing done yet"}>
              {status === "open"
                ? "Tasks that calls leave, such as ringing somebody back, are listed here."
                : "Tasks that are done are listed here, and can be opened again."}
            </Empty>
          ) : (
            <ul class="task-list" aria-label={status === "open" ? "Open tasks" : "Done tasks"}>
              {tasks.map((task) => (
                <TaskItem
                  key={task.id}
                  task={task}
                  staff={staff}
                  isBusy={busy === task.id}
                  assign={(staffId) => void change(task, () => put(pathOf(task, "assignee"), { staffId }))}
                  setStatus={(to) => void become(task, to)}
                />
              ))}
            </ul>
          )
        }
      </Shown>
    </>
  );
}

/** The task has left the list, and the focus with it: it goes on here. */
function ChangedNotice({ changed: { task, to }, undo }: { changed: Changed; undo: () => void }) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => button.current?.focus(), []);
  return (
    <div class="notice is-good" role="status">
      <span>
        {to === "done" ? "Done" : "Open again"}: {withTimes(task.about)}
      </span>
      <button ref={button} type="button" class="button" onClick={undo}>
        Undo
      </button>
    </div>
  );
}
