/** The agency's lexicon: how the voice says names that it would get wrong. Managers keep it. */
import { AppError } from "../app-error.ts";
import { checkedPronunciation, keyOfWritten, type Pronunciation } from "../english/pronunciations.ts";
import type { AuditTrail, UnitOfWork } from "./ports.ts";
import type { Actor } from "./types.ts";

/** `changedAt`: ISO, UTC. */
export type KeptPronunciation = Pronunciation & { changedAt: string };

export interface PronunciationRecords {
  /** By the alphabet. */
  all(): KeptPronunciation[];
  /** In place of the one for the same word, if there is one. */
  put(entry: KeptPronunciation): void;
  /** @returns whether there was one. */
  remove(written: string): boolean;
}

export type Pronunciations = {
  all(): KeptPronunciation[];
  /** @throws AppError("invalid_input") saying what is wrong with it, AppError("too_many"). */
  put(entry: Pronunciation, actor: Actor, now: Date): KeptPronunciation;
  /** @throws AppError("not_found"). */
  remove(written: string, actor: Actor, now: Date): void;
};

/** Every one is looked for in every clause. */
export const pronunciationsAtMost = 1000;

/** @param parts.changed Told after the commit. */
export function createPronunciations(parts: {
  work: UnitOfWork;
  pronunciations: PronunciationRecords;
  audit: AuditTrail;
  changed?: () => void;
}): Pronunciations {
  const { work, pronunciations, audit } = parts;
  /** It may be somebody's name. */
  const wordHash = (written: string) => audit.hash("name", keyOfWritten(written));
  const tell = () => {
    const { changed } = parts;
    if (changed !== undefined) queueMicrotask(changed);
  };
  return {
    all: () => pronunciations.all(),
    put(entry, actor, now) {
      const kept = { ...checkedPronunciation(entry), changedAt: now.toISOString() };
      work.withTransaction(() => {
        const others = pronunciations
          .all()
          .filter(({ written }) => keyOfWritten(written) !== keyOfWritten(kept.written));
        if (others.length >= pronunciationsAtMost)
          throw new AppError("too_many", `There are ${pronunciationsAtMost} words already. Remove one first.`);
        const subjects = { word: wordHash(kept.written), kind: kept.kind };
        audit.record({ at: now, actor, action: "pronunciation.put", subjects });
        pronunciations.put(kept);
      });
      tell();
      return kept;
    },
    remove(written, actor, now) {
      work.withTransaction(() => {
        audit.record({ at: now, actor, action: "pronunciation.remove", subjects: { word: wordHash(written) } });
        if (!pronunciations.remove(written)) throw new AppError("not_found", "There is no such word in the list.");
      });
      tell();
    },
  };
}
