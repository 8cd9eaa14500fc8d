/** An utterance of any length, heard in pieces that suit the model. */
import type { Transcript } from "../ports.ts";
import { cutAtPauses } from "./cut.ts";
import { isUnsure, type Part } from "./hear.ts";

/** Where in the utterance it was heard, in samples. */
export type LocatedPart = Part & { from: number; to: number };

/** At this average log-probability a text is taken as it is. Measured, see `hearUtterance`. */
const sureLogProbability = -0.05;

type HearPiece = (piece: Float32Array) => Promise<Part | undefined>;

/**
 * Hears an utterance of any length. One that is longer than `wanted` may be one slow sentence, which must stay whole
 * (a telephone number cut at its pauses loses digits), or several, which must be cut: both are tried, and the one that
 * the model is surer of is taken. Measured with the demo model: slow numbers 98 % (only cut: 69 %), two sentences 98 %,
 * four 100 % (only whole: 70 and 25 %).
 *
 * @param lengths Samples: what the model hears well, and what it takes at all.
 */
export async function hearUtterance(
  hearPiece: HearPiece,
  samples: Float32Array,
  { wanted, most }: { wanted: number; most: number },
): Promise<LocatedPart[]> {
  const hear = async (piece: Float32Array): Promise<LocatedPart | undefined> => {
    const from = (piece.byteOffset - samples.byteOffset) / samples.BYTES_PER_ELEMENT;
    const part = await hearPiece(piece);
    return part && { ...part, from, to: from + piece.length };
  };
  const tryWhole = samples.length <= Math.min(wanted * 2, most);
  const whole = tryWhole ? await hear(samples) : undefined;
  if (tryWhole && (samples.length <= wanted || isSure(whole))) return whole === undefined ? [] : [whole];
  const pieces = cutAtPauses(samples, wanted, most);
  if (tryWhole && pieces.length === 1) return whole === undefined ? [] : [whole];
  const parts: LocatedPart[] = [];
  for (const piece of pieces) {
    const part = await hear(piece);
    if (part !== undefined) parts.push(part);
  }
  if (whole === undefined || whole.text === "") return parts;
  const cut = transcriptOf(parts);
  return cut.text !== "" && cut.averageLogProbability > whole.decoded.averageLogProbability ? parts : [whole];
}

function isSure(part: LocatedPart | undefined): boolean {
  return part !== undefined && part.text !== "" && part.decoded.averageLogProbability > sureLogProbability;
}

/** One transcript of the pieces in which something was said; of all, if that is none. */
export function transcriptOf(parts: readonly LocatedPart[]): Omit<Transcript, "audioMs" | "tookMs"> {
  const said = parts.filter(({ text }) => text !== "");
  const counted = (said.length > 0 ? said : parts).map(({ decoded }) => decoded);
  const text = said.map((part) => part.text).join(" ");
  const logProbability = counted.reduce((sum, decoded) => sum + decoded.logProbability, 0);
  const isUnsettled = said.some(({ decoded, others }) => isUnsure(decoded) && (others.length === 0 || said.length > 1));
  const choices = counted.reduce((sum, decoded) => sum + decoded.choices, 0);
  return {
    text,
    nbest: [{ text, logProbability }, ...(said.length === 1 ? (said[0]?.others ?? []) : [])],
    averageLogProbability: choices === 0 ? 0 : logProbability / choices,
    noSpeechProbability: Math.min(1, ...counted.map((decoded) => decoded.noSpeechProbability)),
    ...(isUnsettled ? { unsettled: true } : {}),
  };
}
