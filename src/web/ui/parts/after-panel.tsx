import type { ShownAfterCall, TaskCard } from "../../api/shapes.ts";
import { withTimes } from "../format.ts";
import { Link } from "../router.tsx";
import { scoreTone, taskKind } from "../words.ts";
import { Badge } from "./bits.tsx";
import { Icon } from "./icon.tsx";
import { DueBadge } from "./task-item.tsx";

/** What was made of a call: its summary, and how smooth it was and why. */
export function AfterPanel({ after: { summary, score, reasons, unanswered } }: { after: ShownAfterCall }) {
  return (
    <section class="panel after">
      <h2>Summary</h2>
      <p>{summary}</p>
      {unanswered.length > 0 && (
        <p class="after-asked">
          <span class="soft">Not answered:</span>
          {unanswered.map((topic) => (
            <Badge key={topic} tone="warn">
              {topic}
            </Badge>
          ))}
        </p>
      )}
      {score !== null && (
        <>
          <p class="score">
            <Badge tone={scoreTone(score)}>Quality {score} of 100</Badge>
            {reasons.length === 0 && <span class="soft">Nothing went wrong.</span>}
          </p>
          {reasons.length > 0 && (
            <ul class="reasons" aria-label="Why points were taken off">
              {reasons.map(({ words, points }) => (
                <li key={words}>
                  <span class="reason-points">−{points}</span> {words}
                </li>
              ))}
            </ul>
          )}
        </>
      )}
    </section>
  );
}

/** Tasks that the call left; they are seen to on their own page. */
export function CallTasks({ tasks }: { tasks: TaskCard[] }) {
  return (
    <section class="panel">
      <h2>
        <Icon name="check" />
        Tasks
      </h2>
      <ul class="call-tasks">
        {tasks.map((task) => (
          <li key={task.id} class="call-task">
            <strong>{taskKind(task.kind)}</strong>
            <p>{withTimes(task.about)}</p>
            <p class="task-facts">
              <DueBadge task={task} />
              {task.forWhom !== null && <span>{task.forWhom}</span>}
            </p>
          </li>
        ))}
      </ul>
      <Link to="/tasks">All tasks</Link>
    </section>
  );
}
