/** `gatehouse sip trace`: the last SIP messages, redacted. */
import { AppError } from "../app-error.ts";
import { askJson } from "../control/client.ts";
import type { Maintenance } from "../control/ports.ts";
import { traceText } from "../sip/trace/text.ts";
import { type Command, configOf, placeOptions, placeUsage, print, readArguments } from "./command.ts";

type Traced = ReturnType<Maintenance["traced"]>;

export const sip: Command = {
  name: "sip",
  summary: "trace on | trace off | trace show: the last SIP messages, redacted",
  usage: `gatehouse sip trace on|off|show [--data DIR] [--json]

${placeUsage}

Off until it is switched on; off again after a restart. At most the last 1,000 messages are kept, in memory only: never
on a disk. Names, users of addresses, numbers, keys and credentials are masked before a message is kept. Messages of
addresses that are no peers are not among them: gatehouse status names those.`,
  async run(args) {
    const { values, positionals } = readArguments(args, placeOptions, true);
    const [subject, action, more] = positionals;
    if (subject !== "trace" || more !== undefined || !["on", "off", "show"].includes(action ?? ""))
      throw new AppError("invalid_input", "Say: gatehouse sip trace on, off or show");
    const { data } = configOf(values).storage;
    if (action !== "show") await askJson(data, `/sip-trace?on=${action === "on" ? 1 : 0}`, "POST");
    const traced = await askJson<Traced>(data, "/sip-trace");
    if (values.json) print(JSON.stringify(traced));
    else if (action === "show") print(describe(traced));
    else print(traced.on ? "SIP messages are kept from now on, redacted." : "No SIP messages are kept.");
    return 0;
  },
};

function describe({ on, messages }: Traced): string {
  if (!on) return "The trace is off: gatehouse sip trace on";
  if (messages.length === 0) return "No messages yet.";
  return traceText(messages);
}
