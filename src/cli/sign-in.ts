/** `gatehouse sign-in`: a one-time link to the web UI. */
import { askJson } from "../control/client.ts";
import { type Command, configOf, placeOptions, placeUsage, print, readArguments } from "./command.ts";

export const signIn: Command = {
  name: "sign-in",
  summary: "make a one-time link to the web UI (15 minutes, once)",
  usage: `gatehouse sign-in [--email ADDRESS] [--data DIR] [--json]

${placeUsage}
      --email ADDRESS   for this account, whose password was forgotten; without it the link makes a new account`,
  async run(args) {
    const { values } = readArguments(args, { ...placeOptions, email: { type: "string" } });
    const query = values.email === undefined ? "" : `?email=${encodeURIComponent(values.email)}`;
    const link = await askJson<{ url: string; expiresAt: string }>(
      configOf(values).storage.data,
      `/sign-in-link${query}`,
      "POST",
    );
    print(values.json ? JSON.stringify(link) : `${link.url}\n(works once, until ${link.expiresAt})`);
    return 0;
  },
};
