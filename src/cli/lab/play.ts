/** One call of the lab: a caller and the receptionist, as text, against a database of its own. */
import { toInstant } from "../../agency/local-time.ts";
import type { TextAnswer } from "../../calls/text-call.ts";
import type { PlannedCall } from "../../lab/plan.ts";
import { type Random, seeded } from "../../lab/random.ts";
import type { PlayedCall, PlayedTurn } from "../../lab/score.ts";
import { type Caller, createCaller, type Move } from "../../lab/scripted-person.ts";
import type { Words } from "../../lab/ways.ts";
import type { Heard } from "../../receptionist/contract.ts";
import type { Office, Offices } from "../chat/office.ts";
import { openBooks } from "./books.ts";
import type { Listener } from "./line-ears.ts";

/** What the receptionist hears of a caller's words: several turns where he pauses, none where it hears nothing. */
export type Ears = (text: string, call: PlannedCall, random: Random, listener: Listener) => Promise<Heard[]>;

/** One more than may be: that a call is too long is to be seen. */
const mostTurns = 41;

export async function play(planned: PlannedCall, offices: Offices, words: Words, hear: Ears): Promise<PlayedCall> {
  const random = seeded(planned.seed);
  let nowMs = toInstant(words.ways.now).getTime();
  const office = offices.open(() => new Date(nowMs));
  try {
    const { call } = office;
    const caller = createCaller(planned.scenario, planned.personality, words, random);
    const books = openBooks(office.records);
    const turns: PlayedTurn[] = [];
    const told = (heard: string, { said, asks }: TextAnswer) =>
      void turns.push({ heard, said, asks, changes: books.changes() });
    let answer = call.start();
    told("", answer);
    let by: "caller" | "gatehouse" = "gatehouse";
    while (!answer.ended && turns.length <= mostTurns) {
      const move = moveOf(caller, answer);
      if (move.kind === "hangup") {
        by = "caller";
        break;
      }
      const heard = move.kind === "say" ? await hear(move.text, planned, random, call) : [];
      if (heard.length === 0) {
        nowMs += answer.noInputMs;
        answer = call.silent();
        told("", answer);
      }
      for (const words of heard) {
        if (answer.ended) break;
        answer = call.hear(words);
        told(words.text, answer);
      }
    }
    return playedCall(office, books.allChanges(), turns, by, books.phantoms());
  } finally {
    office.close();
  }
}

const moveOf = (caller: Caller, { said, asks, slots }: TextAnswer): Move => caller.next({ said, asks, slots });

function playedCall(
  { call, staffOf }: Office,
  changes: PlayedCall["changes"],
  turns: PlayedTurn[],
  by: "caller" | "gatehouse",
  phantoms: number,
): PlayedCall {
  const { transfer, emergency } = call;
  return {
    turns,
    changes,
    outcome: call.outcome(by === "caller" ? "abandoned" : "nothing"),
    emergency,
    transfer: transfer && { to: staffOf(transfer.to), answered: transfer.answered },
    answered: call.questions().answered,
    recording: call.recording,
    phantoms,
  };
}
