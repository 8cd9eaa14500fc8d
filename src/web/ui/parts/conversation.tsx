import type { StoredTurn } from "../../api/shapes.ts";
import { clockOfInstant, percent } from "../format.ts";
import { doubtfulBelow } from "../words.ts";
import { Icon } from "./icon.tsx";

type Props = { turns: StoredTurn[]; onPlay: ((atMs: number) => void) | undefined };

/** The stored words of a call, both sides, with a mark where the hearing was doubtful. */
export function Conversation({ turns, onPlay }: Props) {
  if (turns.every(({ heard, said }) => heard === "" && said === "")) {
    return <p class="talk-note">No words were kept of this call.</p>;
  }
  return (
    <ol class="conversation">
      {turns.map((turn) => (
        <li key={turn.n}>
          {turn.heard !== "" && <Heard turn={turn} onPlay={onPlay} />}
          {turn.said !== "" && (
            <div class="line is-agent">
              <span class="line-who">Gatehouse</span>
              <p class="bubble is-agent">
                {turn.said}
                {!turn.saidInFull && <span class="cut"> interrupted by the caller</span>}
              </p>
            </div>
          )}
        </li>
      ))}
    </ol>
  );
}

function Heard({ turn, onPlay }: { turn: StoredTurn; onPlay: Props["onPlay"] }) {
  const { heard, at, confidence, heardFromMs } = turn;
  const doubtful = confidence !== null && confidence < doubtfulBelow;
  return (
    <div class="line is-caller">
      <span class="line-who">
        Caller · {clockOfInstant(at)}
        {confidence !== null && !doubtful && ` · ${percent(confidence)} sure`}
        {onPlay !== undefined && heardFromMs !== null && (
          <button type="button" class="line-play" aria-label="Play from here" onClick={() => onPlay(heardFromMs)}>
            <Icon name="play" />
          </button>
        )}
      </span>
      <p class={`bubble is-caller${doubtful ? " is-doubtful" : ""}`}>{heard}</p>
      {doubtful && <Doubt turn={turn} confidence={confidence} />}
    </div>
  );
}

/** How unsure we were, and what else it may have been. */
function Doubt({ turn: { heard, nbest }, confidence }: { turn: StoredTurn; confidence: number }) {
  const others = nbest.map(([text]) => text).filter((text) => text !== heard && text !== "");
  const label = `Only ${percent(confidence)} sure`;
  if (others.length === 0) return <span class="doubt">{label}</span>;
  return (
    <details class="doubt">
      <summary>{label}, or was it…</summary>
      <ul>
        {others.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </details>
  );
}
