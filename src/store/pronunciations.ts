import type { KeptPronunciation, PronunciationRecords } from "../agency/pronunciations.ts";
import { keyOfWritten } from "../english/pronunciations.ts";
import type { Store } from "./connection.ts";

/** Writes run inside the caller's transaction. */
export function pronunciationRepository({ db }: Store): PronunciationRecords {
  const all = db.prepare<[], KeptPronunciation>(
    "SELECT written, kind, said, changed_at AS changedAt FROM pronunciation ORDER BY word",
  );
  const put = db.prepare<[KeptPronunciation & { word: string }]>(
    `INSERT INTO pronunciation (word, written, kind, said, changed_at) VALUES (@word, @written, @kind, @said, @changedAt)
     ON CONFLICT (word) DO UPDATE SET written = excluded.written, kind = excluded.kind, said = excluded.said,
       changed_at = excluded.changed_at`,
  );
  const remove = db.prepare<[string]>("DELETE FROM pronunciation WHERE word = ?");
  return {
    all: () => all.all(),
    put: (entry) => void put.run({ ...entry, word: keyOfWritten(entry.written) }),
    remove: (written) => remove.run(keyOfWritten(written)).changes > 0,
  };
}
