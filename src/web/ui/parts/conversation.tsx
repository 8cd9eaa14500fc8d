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
        {onPlay !== undefined && heardFromMs !== null && (
          <button type="button" class="line-play" aria-label="Play from here" onClick={() => onPlay(heardFromMs)}>
            <Icon name="play" />
          </button>
        )}
      </span>
      <p class={`bubble is-caller${doubtful ? " is-doubtful" : ""}`}>{heard}</p>
      <Certainty turn={turn} doubtful={doubtful} />
    </div>
  );
}

/** How sure we were, and what else it may have been. */
function Certainty({ turn: { heard, nbest, confidence }, doubtful }: { turn: StoredTurn; doubtful: boolean }) {
  const others = nbest.map(([text]) => text).filter((text) => text !== heard && text !== "");
  if (confidence === null) return null;
  const label = `${doubtful ? "Not sure" : "Sure"}, ${percent(confidence)}`;
  if (others.length === 0) return <span class={`certainty${doubtful ? " is-doubtful" : ""}`}>{label}</span>;
  return (
    <details class={`certainty${doubtful ? " is-doubtful" : ""}`}>
      <summary>{label}</summary>
      <ul>
        {others.map((text) => (
          <li key={text}>{text}</li>
        ))}
      </ul>
    </details>
  );
}
