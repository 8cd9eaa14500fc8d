import type { ImportReport } from "../agency/listings/import-listings.ts";
import type { Store } from "./connection.ts";

/** What became of a file of the watched folder, as it last was. */
export type ImportedList = {
  file: string;
  /** SHA-256, hex: of the file, with the mapping behind it if there is one. */
  digest: string;
  /** ISO, UTC. */
  at: string;
  /** Null: it was refused. */
  report: ImportReport | null;
  /** Why it was refused. */
  problem: string | null;
};

export interface ImportedLists {
  of(file: string): ImportedList | undefined;
  /** Newest first. */
  latest(limit: number): ImportedList[];
  put(entry: ImportedList): void;
}

type Row = Omit<ImportedList, "report"> & { report: string | null };

export function importedListRepository({ db }: Store): ImportedLists {
  const columns = "file, digest, at, report, problem";
  const of = db.prepare<[string], Row>(`SELECT ${columns} FROM imported_list WHERE file = ?`);
  const latest = db.prepare<[number], Row>(`SELECT ${columns} FROM imported_list ORDER BY at DESC, file LIMIT ?`);
  const put = db.prepare<[Row]>(
    `INSERT INTO imported_list (file, digest, at, report, problem) VALUES (@file, @digest, @at, @report, @problem)
     ON CONFLICT (file) DO UPDATE SET digest = excluded.digest, at = excluded.at, report = excluded.report,
       problem = excluded.problem`,
  );
  const entryOf = ({ report, ...row }: Row): ImportedList => ({ ...row, report: report && JSON.parse(report) });
  return {
    of(file) {
      const row = of.get(file);
      return row && entryOf(row);
    },
    latest: (limit) => latest.all(limit).map(entryOf),
    put: ({ report, ...entry }) => void put.run({ ...entry, report: report && JSON.stringify(report) }),
  };
}
