/** Use cases of signing in. Each change and its audit entry are one transaction. */
import type { Actor } from "../agency/types.ts";
import { AppError } from "../app-error.ts";
import type { Store } from "../store/connection.ts";
import { type Account, type AccountRepository, accountRepository, normalisedEmail } from "./accounts.ts";
import type { Audit } from "./audit.ts";
import { createPasswords, type Passwords, passwordFault } from "./passwords.ts";
import { createSessions, type Session, type Sessions } from "./sessions.ts";
import { createSignInLimits, type SignInLimits } from "./sign-in-limits.ts";
import { createSignInLinks, linkLifeMs, type SignInLinks } from "./sign-in-links.ts";

export type SignedIn = { account: Account; session: Session; token: string };

export interface SignIn {
  /** A link for `email`'s account, or without one for a new account. @throws AppError("not_found"). */
  createLink(actor: Actor, email?: string): { token: string; expiresAt: Date };
  /** @throws AppError("expired") if used, expired or never made, "too_many". */
  redeemLink(token: string, address: string): SignedIn;
  /** @throws AppError("unauthenticated") whatever of the two is wrong, "too_many". */
  signIn(email: string, password: string, address: string): Promise<SignedIn>;
  /**
   * Chooses e-mail and password; every session of the account ends, and a new one begins.
   * @throws AppError("invalid_input") for a poor password, "forbidden" for a wrong current one, "conflict".
   */
  setCredentials(session: Session, wanted: Credentials, address: string): Promise<SignedIn>;
  signOut(session: Session): void;
  /** Who a cookie's token stands for; undefined if nobody. */
  whoIs(token: string): { account: Account; session: Session } | undefined;
  /** The person did something. */
  used(session: Session): void;
  readonly sessions: Pick<Sessions, "stillLive" | "onEnded">;
}

export type Credentials = { email: string; password: string; currentPassword?: string | undefined };

type Parts = {
  store: Pick<Store, "db" | "withTransaction">;
  /** Subjects are record ids: never an e-mail, never a token. */
  audit: Pick<Audit, "record">;
  now: () => Date;
  accounts: AccountRepository;
  sessions: Sessions;
  links: SignInLinks;
  limits: SignInLimits;
  passwords: Passwords;
};

export function createSignIn(given: Pick<Parts, "store" | "audit" | "now">): SignIn {
  const { db } = given.store;
  const parts: Parts = {
    ...given,
    accounts: accountRepository(db),
    sessions: createSessions(db),
    links: createSignInLinks(db),
    limits: createSignInLimits(),
    passwords: createPasswords(),
  };
  const { sessions, accounts, now } = parts;
  return {
    createLink: (actor, email) => createLink(parts, actor, email),
    redeemLink: (token, address) => redeemLink(parts, token, address),
    signIn: (email, password, address) => signInByPassword(parts, normalisedEmail(email), password, address),
    setCredentials: (session, wanted, address) => setCredentials(parts, session, wanted, address),
    signOut: (session) =>
      given.store.withTransaction(() => {
        note(parts, userOf(session.accountId), "sign-out", session.accountId);
        sessions.end(session.tokenHash);
      }),
    whoIs(token) {
      const session = sessions.find(token, now().getTime());
      const account = session && accounts.byId(session.accountId);
      return session && account && { account, session };
    },
    used: (session) => sessions.touch(session, now().getTime()),
    sessions,
  };
}

const userOf = (userId: string): Actor => ({ kind: "user", userId });

function createLink(parts: Parts, actor: Actor, email: string | undefined) {
  const { store, now, accounts, sessions, links } = parts;
  return store.withTransaction(() => {
    sessions.prune(now().getTime());
    accounts.removeUnfinished();
    const account = email === undefined ? undefined : accounts.byEmail(email);
    if (email !== undefined && account === undefined)
      throw new AppError("not_found", "No account has that e-mail address.");
    note(parts, actor, "sign-in-link.create", account?.id);
    const { token, expiresMs } = links.create(account?.id, now().getTime());
    return { token, expiresAt: new Date(expiresMs) };
  });
}

function redeemLink(parts: Parts, token: string, address: string): SignedIn {
  const { store, now, accounts, links, limits } = parts;
  const attempt = { email: undefined, address };
  limits.take(attempt, now().getTime());
  const signedIn = store.withTransaction(() => {
    const link = links.redeem(token, now().getTime());
    if (link === undefined) return undefined; // not thrown here: that would undo the deletion of an expired link
    const existing = link.accountId === undefined ? undefined : accounts.byId(link.accountId);
    const account = existing ?? accounts.add({ id: crypto.randomUUID(), role: "manager" }, now());
    return open(parts, account, "link");
  });
  if (signedIn === undefined) {
    note(parts, { kind: "system" }, "sign-in.refused", undefined);
    const minutes = linkLifeMs / 60_000;
    throw new AppError(
      "expired",
      `This link has been used already or is older than ${minutes} minutes. Ask for a new one, or sign in with your password.`,
    );
  }
  limits.putBack(attempt);
  return signedIn;
}

async function signInByPassword(parts: Parts, email: string, password: string, address: string): Promise<SignedIn> {
  const { store, now, accounts, limits, passwords } = parts;
  const attempt = { email, address };
  limits.take(attempt, now().getTime());
  const claimed = accounts.byEmail(email);
  const right = await passwords.verify(password, claimed?.passwordHash);
  // Looked up again: the password may have been changed while the hash was computed.
  const account = claimed && accounts.byId(claimed.id);
  if (!right || account === undefined || account.passwordHash !== claimed?.passwordHash) {
    note(parts, { kind: "system" }, "sign-in.refused", claimed?.id);
    throw new AppError("unauthenticated", "E-mail address or password is wrong.");
  }
  limits.putBack(attempt);
  return store.withTransaction(() => open(parts, account, "password"));
}

async function setCredentials(parts: Parts, session: Session, wanted: Credentials, address: string): Promise<SignedIn> {
  const { store, now, accounts, sessions, limits, passwords } = parts;
  const fault = passwordFault(wanted.password, wanted.email);
  if (fault !== undefined) throw new AppError("invalid_input", fault);
  if (session.via === "password") {
    const attempt = { email: `account ${session.accountId}`, address };
    limits.take(attempt, now().getTime());
    const current = accounts.byId(session.accountId)?.passwordHash;
    if (!(await passwords.verify(wanted.currentPassword ?? "", current))) {
      note(parts, userOf(session.accountId), "account.change-refused", session.accountId);
      throw new AppError("forbidden", "The current password is wrong.");
    }
    limits.putBack(attempt);
  }
  const hash = await passwords.hash(wanted.password);
  return store.withTransaction(() => {
    const live = sessions.stillLive(session.tokenHash, now().getTime());
    if (live === undefined) throw new AppError("unauthenticated", "You have been signed out meanwhile.");
    note(parts, userOf(session.accountId), "account.set-credentials", session.accountId);
    accounts.setCredentials(session.accountId, wanted.email, hash);
    sessions.endAllOf(session.accountId); // whoever knew the old password is out
    const account = accounts.byId(session.accountId);
    if (account === undefined) throw new Error("the account vanished inside its own transaction");
    return open(parts, account, "password");
  });
}

/** Inside the caller's transaction. */
function open(parts: Parts, account: Account, via: "link" | "password"): SignedIn {
  note(parts, userOf(account.id), via === "link" ? "sign-in.link" : "sign-in.password", account.id);
  return { account, ...parts.sessions.open(account.id, via, parts.now().getTime()) };
}

function note({ audit, now }: Parts, actor: Actor, action: string, accountId: string | undefined): void {
  audit.record({ at: now(), actor, action, subjects: accountId === undefined ? {} : { account: accountId } });
}
