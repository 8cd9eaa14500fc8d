import type { Catalogue } from "../../src/models/catalogue.ts";

const begin = "  cat <<'TABLE'\n";
const end = "\nTABLE\n";

/** scripts/fetch-models with the catalogue in its table. @throws Error where it has no place for one. */
export function withTable(script: string, { models }: Catalogue): string {
  const lines = models.flatMap(({ id, megabytes, licence, files }) =>
    files.map(({ name, bytes, sha256, url }) =>
      [id, megabytes, licence, name, bytes ?? "-", sha256 ?? "-", url].join("|"),
    ),
  );
  const from = script.indexOf(begin);
  const to = script.indexOf(end, from + begin.length - 1);
  if (from < 0 || to < 0) throw new Error("scripts/fetch-models has no table");
  return `${script.slice(0, from + begin.length)}${lines.join("\n")}${script.slice(to)}`;
}
