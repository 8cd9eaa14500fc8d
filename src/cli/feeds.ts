/** `gatehouse feeds`: links by which calendar programs read a negotiator's diary. */
import { AppError } from "../app-error.ts";
import { askJson } from "../control/client.ts";
import type { FeedRow, NewFeed } from "../control/ports.ts";
import { type Command, configOf, placeOptions, placeUsage, print, readArguments } from "./command.ts";

const say = () =>
  new AppError("invalid_input", "Say: gatehouse feeds list, feeds create STAFF [--for DEVICE], or feeds revoke ID");

export const feeds: Command = {
  name: "feeds",
  summary: "negotiators' diaries for calendar programs: list, create, revoke",
  usage: `gatehouse feeds list | create STAFF [--for DEVICE] | revoke ID [--data DIR] [--json]

create    makes a secret link to the diary of one of the staff (id or name), for a calendar program to subscribe to; it
          is shown this once. One for each device, so that a lost telephone can be shut out on its own
revoke    takes a link away: whoever has it reads nothing any more

      --for DEVICE      what the link is for, shown in the list
${placeUsage}

A link shows appointments with their addresses; callers only as far as feeds.contacts says. Each read is in the audit log.`,
  async run(args) {
    const { values, positionals } = readArguments(args, { ...placeOptions, for: { type: "string" } }, true);
    const [action, subject, more] = positionals;
    const { data } = configOf(values).storage;
    if (more !== undefined || (values.for !== undefined && action !== "create")) throw say();
    if (action === "list" && subject === undefined) {
      const rows = await askJson<FeedRow[]>(data, "/feeds");
      print(values.json ? JSON.stringify(rows) : rows.map(line).join("\n") || "No feeds yet.");
    } else if (action === "create" && subject !== undefined) {
      const made = await askJson<NewFeed>(data, "/feeds", "POST", { staff: subject, label: values.for ?? "" });
      print(values.json ? JSON.stringify(made) : `${made.url}\n(shown this once; ${made.id} takes it away again)`);
    } else if (action === "revoke" && subject !== undefined) {
      const gone = await askJson<object>(data, `/feeds/${encodeURIComponent(subject)}/revoke`, "POST");
      print(values.json ? JSON.stringify(gone) : "Taken away.");
    } else throw say();
    return 0;
  },
};

const line = ({ id, staff, label, createdAt, lastReadAt }: FeedRow) =>
  `${id}  ${staff}${label === "" ? "" : `, ${label}`}  made ${createdAt}, ${lastReadAt === null ? "never read" : `last read ${lastReadAt}`}`;
