import { type Context, Hono } from "hono";
import { z } from "zod";
import type { Account } from "../../security/accounts.ts";
import { passwordLength } from "../../security/passwords.ts";
import { permissionsOf } from "../../security/roles.ts";
import type { Session } from "../../security/sessions.ts";
import type { SignIn } from "../../security/sign-in.ts";
import type { WebEnv } from "./env.ts";
import { clearSessionCookie, type Needs, setSessionCookie } from "./needs.ts";
import { parse } from "./parse.ts";
import type { Me } from "./shapes.ts";

const email = z.string().trim().max(254).pipe(z.email("is not an e-mail address"));
/** Its rules are the use case's; this only bounds the work. */
const password = z.string().max(passwordLength.most * 4);

const LinkBody = z.strictObject({ token: z.string().max(100) });
const SignInBody = z.strictObject({ email: z.string().max(254), password });
const AccountBody = z.strictObject({ email, password, currentPassword: password.optional() });

/** Signing in and out, and one's own account. */
export function accountRoutes(signIn: SignIn, { needsSession }: Needs, agencyName: () => string) {
  const me = (account: Account, session: Session): Me => ({
    id: account.id,
    role: account.role,
    email: account.email ?? null,
    permissions: account.passwordHash === undefined ? [] : permissionsOf(account.role),
    ready: account.passwordHash !== undefined,
    viaLink: session.via === "link",
    agency: agencyName(),
  });
  const welcome = (
    c: Context<WebEnv>,
    { account, session, token }: { account: Account; session: Session; token: string },
  ) => {
    setSessionCookie(c, token);
    return c.json(me(account, session));
  };
  return new Hono<WebEnv>()
    .post("/sign-in/link", parse("json", LinkBody), (c) =>
      welcome(c, signIn.redeemLink(c.req.valid("json").token, c.env.address)),
    )
    .post("/sign-in", parse("json", SignInBody), async (c) => {
      const given = c.req.valid("json");
      return welcome(c, await signIn.signIn(given.email, given.password, c.env.address));
    })
    .post("/sign-out", needsSession, (c) => {
      signIn.signOut(c.get("session"));
      clearSessionCookie(c);
      return c.body(null, 204);
    })
    .post("/account", needsSession, parse("json", AccountBody), async (c) =>
      welcome(c, await signIn.setCredentials(c.get("session"), c.req.valid("json"), c.env.address)),
    )
    .get("/me", needsSession, (c) => c.json(me(c.get("account"), c.get("session"))));
}
