/** Who is signed in, in this page. */
import { signal } from "@preact/signals";
import type { Me, Permission } from "../api/shapes.ts";
import { get, messageOf, post, Refused, whenSignedOut } from "./api.ts";
import { followLive, stopLive } from "./live.ts";

export type SessionState =
  | { kind: "starting" }
  | { kind: "signed-out"; notice: string | undefined }
  | { kind: "signed-in"; me: Me };

export const session = signal<SessionState>({ kind: "starting" });

/** What is not allowed is not shown; the server decides. */
export const may = (permission: Permission): boolean =>
  session.value.kind === "signed-in" && session.value.me.permissions.includes(permission);

/** Redeems the one-time link if the page was opened by one, otherwise asks who the cookie stands for. */
export async function startSession(): Promise<void> {
  whenSignedOut(() => leave("You have been signed out. Sign in to go on."));
  const token = takeTokenOffAddress();
  try {
    enter(token === undefined ? await get<Me>("/me") : await post<Me>("/sign-in/link", { token }));
  } catch (error) {
    const isNewcomer = error instanceof Refused && error.status === 401;
    leave(isNewcomer ? undefined : messageOf(error));
  }
}

/** The fragment never reaches a server's log, and is gone from the address bar before anything else happens. */
function takeTokenOffAddress(): string | undefined {
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  if (token === null) return undefined;
  history.replaceState(null, "", location.pathname);
  return token;
}

export async function signIn(email: string, password: string): Promise<void> {
  enter(await post<Me>("/sign-in", { email, password }));
}

export async function chooseCredentials(wanted: {
  email: string;
  password: string;
  currentPassword?: string;
}): Promise<void> {
  enter(await post<Me>("/account", wanted));
}

export async function signOut(): Promise<void> {
  try {
    await post<void>("/sign-out");
  } finally {
    leave(undefined);
  }
}

function enter(me: Me): void {
  session.value = { kind: "signed-in", me };
  if (me.ready) followLive(() => leave("You have been signed out, or were away for an hour. Sign in to go on."));
}

/** Nothing of any caller stays on the screen. */
function leave(notice: string | undefined): void {
  stopLive();
  const known = session.value.kind === "signed-out" ? session.value.notice : undefined;
  session.value = { kind: "signed-out", notice: notice ?? known };
}
