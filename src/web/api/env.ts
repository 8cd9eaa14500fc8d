import type { Account } from "../../security/accounts.ts";
import type { Session } from "../../security/sessions.ts";

export type WebEnv = {
  /** The browser's address, as the server saw it. */
  Bindings: { address: string };
  Variables: { account: Account; session: Session };
};
