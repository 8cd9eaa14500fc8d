/**
 * What the caller said before what he says now, while its text was still on its way: a long story in pieces, or "hello?"
 * into a slow answer. It is part of the same turn. Pure.
 */
import type { Transcript } from "../speech/ports.ts";
import type { CallEffect, Earlier, Hearing } from "./machine.ts";
import { isOfNobody } from "./nobody.ts";

/** Of half a minute each; with more than these the oldest is given up. */
const mostEarlier = 8;

/** @returns `before` among them, if it is over; what is given up for it has to be cancelled. */
export function withEarlier(
  earlier: readonly Earlier[],
  before: Hearing | undefined,
): { earlier: readonly Earlier[]; effects: CallEffect[] } {
  if (before === undefined) return { earlier, effects: [] };
  if (before.final === undefined) return { earlier, effects: cancelled([{ hearing: before }]) };
  const all = [...earlier, { hearing: before, transcript: before.texts.get(before.final.pause) }];
  return { earlier: all.slice(-mostEarlier), effects: cancelled(all.slice(0, -mostEarlier)) };
}

export const cancelled = (those: readonly Pick<Earlier, "hearing">[]): CallEffect[] =>
  those.map(({ hearing: { utteranceId } }) => ({ kind: "cancel-transcription", utteranceId }));

export const isOutstanding = ({ transcript }: Earlier): boolean => transcript === undefined;

/** All in one, in the order in which it was said; only what holds words counts. */
export function together(earlier: readonly Earlier[], hearing: Hearing, transcript: Transcript): Required<Earlier> {
  const worded = earlier.filter((one) => one.transcript !== undefined && hasWords(one.transcript, one.hearing));
  const [first] = worded;
  if (first === undefined) return { hearing, transcript };
  const all = hasWords(transcript, hearing) ? [...worded, { hearing, transcript }] : worded;
  const { voice, into } = all.at(-1)?.hearing ?? hearing;
  return {
    hearing: {
      ...hearing,
      voice,
      into,
      aside: undefined,
      // The sound of several is in several pieces.
      samples: undefined,
      joins: first.hearing.joins,
      final: hearing.final && { ...hearing.final, fromMs: fromMsOf(first) },
    },
    transcript: all.flatMap((one) => one.transcript ?? []).reduce(joined),
  };
}

const fromMsOf = ({ hearing }: Earlier): number | null => hearing.final?.fromMs ?? null;

export const hasWords = (transcript: Transcript, { voice }: Hearing): boolean =>
  transcript.text !== "" && !isOfNobody(transcript, voice);

function joined(first: Transcript, next: Transcript): Transcript {
  const before = first.nbest[0]?.logProbability ?? 0;
  return {
    text: `${first.text} ${next.text}`,
    // What the last words may have been otherwise; of those before, danger has been looked for in all readings.
    nbest: next.nbest.map(({ text, logProbability }) => ({
      text: `${first.text} ${text}`,
      logProbability: before + logProbability,
    })),
    averageLogProbability: Math.min(first.averageLogProbability, next.averageLogProbability),
    noSpeechProbability: Math.max(first.noSpeechProbability, next.noSpeechProbability),
    ...(first.doubtful && next.doubtful ? { doubtful: true } : {}),
    ...(first.unsettled || next.unsettled ? { unsettled: true } : {}),
    audioMs: first.audioMs + next.audioMs,
    tookMs: first.tookMs + next.tookMs,
  };
}
