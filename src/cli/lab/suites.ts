/** The scenarios that the executable carries, with the agency and the words that they speak of. */
import { parseSeedText, type Seed } from "../../agency/seed.ts";
import { AppError } from "../../app-error.ts";
import { embeddedPaths, embeddedText } from "../../embedded/files.ts";
import { type Confusions, parseConfusions } from "../../lab/noise.ts";
import { type LabRow, parseSuite } from "../../lab/scenario.ts";
import { parseManners, parseWays, type Words } from "../../lab/ways.ts";

const folder = "src/lab/suites/";
/** Scenarios that nobody mends against: only run when named, so that the figures of all others stay comparable. */
const heldOut = "held-out";

export type Lab = { seed: Seed; words: Words; confusions: Confusions; rows: LabRow[] };

/**
 * @param suite A file's name ("viewing") or a row's; undefined: all but those held out.
 * @throws AppError("invalid_input").
 */
export function openLab(suite: string | undefined): Lab {
  const text = (name: string) => embeddedText(`${folder}${name}`);
  const seed = parseSeedText(text("agency.json"), "agency.json");
  const files = embeddedPaths(folder).filter((path) => path.endsWith(".jsonl"));
  const named = files.map((path) => {
    const name = path.slice(folder.length);
    return { name: name.slice(0, -".jsonl".length), rows: parseSuite(text(name), name) };
  });
  const rows = named.flatMap((file) =>
    (suite === undefined ? file.name !== heldOut : file.name === suite)
      ? file.rows
      : file.rows.filter(({ id }) => id === suite),
  );
  if (rows.length === 0) {
    const known = named.flatMap((file) => [file.name, ...file.rows.map(({ id }) => id)]);
    throw new AppError("invalid_input", `--suite ${suite}: there are ${[...new Set(known)].join(", ")}.`);
  }
  const addresses = Object.fromEntries(seed.properties.map(({ id, address }) => [id, address]));
  const words = { ways: parseWays(text("ways.json")), manners: parseManners(text("manners.json")), addresses };
  return { seed, words, confusions: parseConfusions(text("confusions.json")), rows };
}
