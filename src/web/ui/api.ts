/** Requests to our own server. */
import type { ErrorBody } from "../api/shapes.ts";

/** What the server refused, in words that can be shown. `status` 0: it could not be reached. */
export class Refused extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, { code, message }: ErrorBody) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

let signedOut: () => void = () => undefined;

/** Called whenever an answer says that nobody is signed in (any more). */
export function whenSignedOut(listener: () => void): void {
  signedOut = listener;
}

/** @param background True for what the page asks by itself: it does not keep the session alive. */
export async function get<T>(path: string, signal?: AbortSignal, background = false): Promise<T> {
  const headers = background ? { "x-gatehouse-background": "1" } : undefined;
  return await request<T>(path, { ...(signal && { signal }), ...(headers && { headers }) });
}

export async function post<T>(path: string, body?: object): Promise<T> {
  return await request<T>(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body ?? {}),
  });
}

export async function put<T>(path: string, body: object): Promise<T> {
  return await request<T>(path, {
    method: "PUT",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
}

export async function remove(path: string): Promise<void> {
  await request<void>(path, { method: "DELETE" });
}

/** Sound that is made for this one answer. */
export async function postForSound(path: string, body: object): Promise<ArrayBuffer> {
  const init = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  return await (await answered(path, init)).arrayBuffer();
}

async function request<T>(path: string, init: RequestInit): Promise<T> {
  const response = await answered(path, init);
  return response.status === 204 ? (undefined as T) : ((await response.json()) as T);
}

/** @throws Refused unless the answer is what was asked for. */
async function answered(path: string, init: RequestInit): Promise<Response> {
  const response = await fetch(`/api${path}`, { ...init, credentials: "same-origin" }).catch((error: unknown) => {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Refused(0, { code: "unreachable", message: "The appliance cannot be reached. Is it running?" });
  });
  if (response.ok) return response;
  const body = (await response.json().catch(() => undefined)) as ErrorBody | undefined;
  if (response.status === 401 && path !== "/sign-in") signedOut();
  throw new Refused(
    response.status,
    body ?? { code: "unknown", message: `The appliance answered ${response.status}.` },
  );
}

export const messageOf = (error: unknown): string =>
  error instanceof Refused ? error.message : "Something went wrong in this page. Reload it.";
