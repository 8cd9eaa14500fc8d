/** `gatehouse drain`: before maintenance, new calls go to people and running ones go on. */
import { AppError } from "../app-error.ts";
import { askJson } from "../control/client.ts";
import type { DrainState, Status } from "../control/ports.ts";
import { type Command, configOf, placeOptions, placeUsage, print, readArguments } from "./command.ts";

const lookEveryMs = 500;

export const drain: Command = {
  name: "drain",
  summary: "before maintenance: pass new calls to people, let running ones end",
  usage: `gatehouse drain [on|off] [--wait] [--data DIR] [--json]

${placeUsage}
      --wait            with on: return when the last call has ended

on (or nothing): new calls are refused with 503 and Retry-After, which a PBX answers by trying elsewhere; OPTIONS too, so
that a PBX that asks knows. off: calls are taken again. A restart takes calls again by itself.`,
  async run(args) {
    const { values, positionals } = readArguments(args, { ...placeOptions, wait: { type: "boolean" } }, true);
    const [wanted = "on", more] = positionals;
    if ((wanted !== "on" && wanted !== "off") || more !== undefined)
      throw new AppError("invalid_input", "Say: gatehouse drain on, or gatehouse drain off");
    const { data } = configOf(values).storage;
    const ask = () => askJson<DrainState>(data, `/drain?on=${wanted === "on" ? 1 : 0}`, "POST");
    let state = await ask();
    while (values.wait === true && state.draining && state.calls > 0) {
      await Bun.sleep(lookEveryMs);
      const now = await askJson<Status>(data, "/status");
      state = { draining: now.state !== "answering", calls: now.calls.length };
    }
    if (values.json) print(JSON.stringify(state));
    else if (state.draining) print(`New calls go to people. Calls still running: ${state.calls}.`);
    else print("Calls are taken.");
    return 0;
  },
};
