/** `gatehouse on-call list|acknowledge`: emergencies that somebody on call must take. */
import { AppError } from "../app-error.ts";
import { askJson } from "../control/client.ts";
import type { OnCallRow } from "../control/ports.ts";
import { type Command, configOf, placeOptions, placeUsage, print, readArguments } from "./command.ts";

export const onCall: Command = {
  name: "on-call",
  summary: "list emergencies and who took them; take one",
  usage: `gatehouse on-call list [--data DIR] [--json]
gatehouse on-call acknowledge ID [--data DIR] [--json]

${placeUsage}

An emergency rings the people on call, one after the other, until one presses 1, and again every five minutes.
acknowledge stops that: whoever says it sees to it. Both are written to the audit log.`,
  async run(args) {
    const { values, positionals } = readArguments(args, placeOptions, true);
    const [verb, id, more] = positionals;
    const { data } = configOf(values).storage;
    if (verb === "acknowledge" && id !== undefined && more === undefined) {
      const row = await askJson<OnCallRow>(data, `/on-call/${encodeURIComponent(id)}/acknowledge`, "POST");
      print(values.json ? JSON.stringify(row) : describe(row));
      return 0;
    }
    if (verb !== "list" || id !== undefined)
      throw new AppError("invalid_input", "Say: gatehouse on-call list, or gatehouse on-call acknowledge ID");
    const rows = await askJson<OnCallRow[]>(data, "/on-call");
    if (values.json) print(JSON.stringify(rows));
    else if (rows.length === 0) print("No emergencies yet.");
    else for (const row of rows) print(describe(row));
    return 0;
  },
};

function describe({ id, raisedAt, emergency, property, tries, acknowledgedAt, acknowledgedBy }: OnCallRow): string {
  const state =
    acknowledgedAt === undefined
      ? `OPEN, ${tries} telephones rung in vain`
      : `taken ${acknowledgedAt} by ${acknowledgedBy}`;
  return `${id}  ${raisedAt}  ${emergency}  ${property ?? "property not said"}  ${state}`;
}
