/** Who is asking. The session's cookie, and what a route requires of it. */
import type { Context, MiddlewareHandler } from "hono";
import { deleteCookie, getCookie, setCookie } from "hono/cookie";
import type { Actor } from "../../agency/types.ts";
import { AppError } from "../../app-error.ts";
import { may } from "../../security/accounts.ts";
import type { Permission } from "../../security/roles.ts";
import { sessionLimits } from "../../security/sessions.ts";
import type { SignIn } from "../../security/sign-in.ts";
import type { WebEnv } from "./env.ts";

/** `__Host-`: only over TLS, only for this host, not settable by another (RFC 6265bis §4.1.3.2). */
export const cookieName = "__Host-gatehouse";

const cookieOptions = { path: "/", secure: true, httpOnly: true, sameSite: "Strict" } as const;

export function setSessionCookie(c: Context<WebEnv>, token: string): void {
  setCookie(c, cookieName, token, { ...cookieOptions, maxAge: sessionLimits.absoluteMs / 1000 });
}

export function clearSessionCookie(c: Context<WebEnv>): void {
  deleteCookie(c, cookieName, cookieOptions);
}

/** Requests that the page makes by itself carry this header: they do not keep a session alive. */
export const backgroundHeader = "x-gatehouse-background";

export type Needs = {
  /** An account that has this permission. `isUse` false: does not keep the session alive. @throws AppError("unauthenticated" | "forbidden"). */
  needs(permission: Permission, options?: { isUse: boolean }): MiddlewareHandler<WebEnv>;
  /** A session, even of an account that has still to choose its password. */
  needsSession: MiddlewareHandler<WebEnv>;
};

export function createNeeds(signIn: Pick<SignIn, "whoIs" | "used">): Needs {
  function identify(c: Context<WebEnv>, isUse: boolean) {
    const token = getCookie(c, cookieName);
    const who = token === undefined ? undefined : signIn.whoIs(token);
    if (who === undefined) throw new AppError("unauthenticated", "Sign in to go on.");
    c.set("account", who.account);
    c.set("session", who.session);
    if (isUse && c.req.header(backgroundHeader) === undefined) signIn.used(who.session);
    return who.account;
  }
  return {
    needs:
      (permission, { isUse } = { isUse: true }) =>
      async (c, next) => {
        const account = identify(c, isUse);
        if (account.passwordHash === undefined) throw new AppError("forbidden", "Choose your password first.");
        if (!may(account, permission)) throw new AppError("forbidden", "Your role does not allow this.");
        await next();
      },
    needsSession: async (c, next) => {
      identify(c, true);
      await next();
    },
  };
}

export const actorOf = (c: Context<WebEnv>): Actor => ({ kind: "user", userId: c.get("account").id });
