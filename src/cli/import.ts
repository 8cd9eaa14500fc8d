/** `gatehouse import`: the agency's list of homes, into the running appliance. */
import { readFileSync } from "node:fs";
import type { ImportReport } from "../agency/listings/import-listings.ts";
import { AppError } from "../app-error.ts";
import { askJson } from "../control/client.ts";
import { type Command, configOf, placeOptions, placeUsage, print, readArguments } from "./command.ts";

export const importList: Command = {
  name: "import",
  summary: "bring in the list of homes: Rightmove BLM or CSV",
  usage: `gatehouse import FILE [--mapping FILE] [--list NAME] [--dry-run] [--yes] [--data DIR] [--json]

Reads the whole list of homes, BLM version 3 or CSV: new ones are added, known ones brought up to date, those that are
no longer on it withdrawn. Rows that cannot be taken are listed with the field and the reason; their homes stay as they
were. What the list does not say (who manages, the notice that is due) stays, too.

      --mapping FILE    which column of a CSV is what, as JSON:
                        {"columns": {"id": "Ref", "address": ["House", "Street"], "postcode": "Post Code"},
                         "facts": {"council-tax": "CT Band"},
                         "values": {"kind": {"words": {"Residential": "sale"}, "always": "sale"}}}
      --list NAME       one of several lists, a branch's for example; only homes of that list are withdrawn
      --dry-run         says what would change, and changes nothing
      --yes             also where more than half of the homes would be withdrawn

${placeUsage}

Exits with 1 if rows were rejected.`,
  async run(args) {
    const { values, positionals } = readArguments(
      args,
      {
        ...placeOptions,
        mapping: { type: "string" },
        list: { type: "string", default: "listings" },
        "dry-run": { type: "boolean" },
        yes: { type: "boolean" },
      },
      true,
    );
    const [path, more] = positionals;
    if (path === undefined || more !== undefined) throw new AppError("invalid_input", "Say: gatehouse import FILE");
    const { list, "dry-run": dryRun = false, yes = false } = values;
    const mapping = values.mapping === undefined ? undefined : read(values.mapping).toString("utf8");
    const body = { file: read(path).toString("base64"), mapping, list, dryRun };
    const send = (sure: boolean) =>
      askJson<ImportReport>(configOf(values).storage.data, "/import", "POST", { ...body, yes: sure });
    const report = await send(yes).catch((error: unknown) => {
      if (isRefused(error) && !values.json && asked(error.message)) return send(true);
      throw error;
    });
    if (values.json) print(JSON.stringify(report));
    else print(describe(report).join("\n"));
    return report.rejects.length === 0 ? 0 : 1;
  },
};

const isRefused = (error: unknown): error is AppError => error instanceof AppError && error.code === "conflict";

/** Only somebody at a terminal can be asked. */
function asked(question: string): boolean {
  return process.stdin.isTTY === true && /^y(es)?$/i.test(prompt(`${question}\nImport it all the same? [y/N]`) ?? "");
}

function read(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new AppError("invalid_input", `${path} cannot be read: name a file.`, { cause });
  }
}

const formats = { blm: "Rightmove BLM", csv: "CSV" };

function describe({ format, dryRun, added, changed, unchanged, withdrawn, rejects, warnings }: ImportReport): string[] {
  const counts = `${added} added, ${changed} changed, ${unchanged} as they were, ${withdrawn} withdrawn`;
  return [
    `${formats[format]}: ${counts}, ${rejects.length} rows rejected${dryRun ? " (nothing was written)" : ""}`,
    ...warnings,
    ...rejects.map(
      ({ line, reference, field, reason }) =>
        `  line ${line}${reference === "" ? "" : `, ${reference}`}: ${field === "" ? "" : `${field}: `}${reason}`,
    ),
  ];
}
