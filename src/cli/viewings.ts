/** `gatehouse viewings list`. */
import { AppError } from "../app-error.ts";
import { askJson } from "../control/client.ts";
import { type Command, configOf, placeOptions, placeUsage, print, readArguments } from "./command.ts";

type ViewingRow = {
  id: string;
  property: string;
  start: string;
  name: string;
  phone: string;
  staff: string;
  status: string;
};

export const viewings: Command = {
  name: "viewings",
  summary: "list booked viewings",
  usage: `gatehouse viewings list [--data DIR] [--json]\n\n${placeUsage}\n\nThe read is written to the audit log first.`,
  async run(args) {
    const { values, positionals } = readArguments(args, placeOptions, true);
    if (positionals[0] !== "list") throw new AppError("invalid_input", "Say: gatehouse viewings list");
    const rows = await askJson<ViewingRow[]>(configOf(values).storage.data, "/viewings");
    if (values.json) print(JSON.stringify(rows));
    else if (rows.length === 0) print("No viewings yet.");
    else
      for (const { start, property, name, phone, staff, status } of rows)
        print(`${start}  ${property}  ${name}  ${phone}  with ${staff}  ${status}`);
    return 0;
  },
};
