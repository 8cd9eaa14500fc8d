import { createPronunciations } from "../agency/pronunciations.ts";
import { createSpokenWord, spokenWordRateHz } from "../ops/spoken-word.ts";
import type { Work } from "../ops/work.ts";
import type { Records } from "../store/open-store.ts";
import type { WebPronunciations } from "../web/api/ports.ts";
import type { Base } from "./base.ts";

/** The agency's lexicon, for the web pages: what is changed there is said so from the next text on. */
export function openLexicon(
  { clock }: Pick<Base, "clock">,
  records: Pick<Records, "store" | "pronunciations" | "audit">,
  work: () => Work,
): WebPronunciations {
  const pronunciations = createPronunciations({
    work: records.store,
    pronunciations: records.pronunciations,
    audit: records.audit,
    changed: () => work().answering?.pronunciationsChanged(),
  });
  const sayWord = createSpokenWord(work);
  return {
    all: pronunciations.all,
    put: (entry, actor) => pronunciations.put(entry, actor, clock()),
    remove: (written, actor) => pronunciations.remove(written, actor, clock()),
    say: async (entry, signal) => ({ samples: await sayWord(entry, signal), rateHz: spokenWordRateHz }),
  };
}
