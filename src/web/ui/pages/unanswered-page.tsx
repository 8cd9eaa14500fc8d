import { useState } from "preact/hooks";
import type { UnansweredTopic } from "../../api/shapes.ts";
import { get } from "../api.ts";
import { clockOfInstant, dayOfInstant, shortDay } from "../format.ts";
import { happened } from "../live.ts";
import { useLoaded } from "../load.ts";
import { Empty, PageHead, Shown } from "../parts/bits.tsx";
import { Icon } from "../parts/icon.tsx";
import { Link } from "../router.tsx";

const periods = [7, 30, 90];

/** What callers asked in vain, most often first: what to add to the listings and to the office's answers. */
export function UnansweredPage() {
  const [days, setDays] = useState(30);
  const path = `/unanswered?days=${days}`;
  const list = useLoaded(
    path,
    (signal, background) => get<{ topics: UnansweredTopic[] }>(path, signal, background),
    happened.value,
  );
  return (
    <>
      <Link to="/calls" class="back">
        <Icon name="back" />
        All calls
      </Link>
      <PageHead
        title="What callers asked that we could not answer"
        sub="Add it to the listings, or to the office's answers, and it will be answered"
      />
      <fieldset class="chips">
        <legend class="hidden">Over</legend>
        {periods.map((value) => (
          <label key={value} class="chip">
            <input type="radio" name="days" checked={days === value} onChange={() => setDays(value)} />
            <span>{value} days</span>
          </label>
        ))}
      </fieldset>
      <Shown of={list}>
        {({ topics }) =>
          topics.length === 0 ? (
            <Empty icon="check" title="Nothing open">
              Everything that callers asked in these {days} days was answered.
            </Empty>
          ) : (
            <Topics topics={topics} days={days} />
          )
        }
      </Shown>
    </>
  );
}

function Topics({ topics, days }: { topics: UnansweredTopic[]; days: number }) {
  return (
    <section class="panel">
      <table class="topics">
        <caption class="hidden">Topics that callers asked about in vain in {days} days</caption>
        <thead>
          <tr>
            <th scope="col">Asked about</th>
            <th scope="col" class="is-number">
              Calls
            </th>
            <th scope="col">The newest</th>
          </tr>
        </thead>
        <tbody>
          {topics.map(({ topic, title, count, calls }) => (
            <tr key={topic}>
              <th scope="row">{title}</th>
              <td class="is-number">{count}</td>
              <td>
                <ul class="topic-calls">
                  {calls.map(({ id, startedAt }) => (
                    <li key={id}>
                      <Link to={`/calls/${encodeURIComponent(id)}`}>
                        {shortDay(dayOfInstant(startedAt))}, {clockOfInstant(startedAt)}
                      </Link>
                    </li>
                  ))}
                </ul>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
