/** The command line's side of `<data>/control.sock`. */
import { accessSync, constants } from "node:fs";
import { join } from "node:path";
import { AppError, type ErrorCode } from "../app-error.ts";

export const controlPath = (dataDir: string): string => join(dataDir, "control.sock");

export async function isAnswered(path: string): Promise<boolean> {
  try {
    await fetch("http://gatehouse/status", { unix: path, signal: AbortSignal.timeout(2_000) });
    return true;
  } catch {
    return false;
  }
}

/** @throws AppError("not_running") or what the appliance refused with. */
export async function ask(
  dataDir: string,
  path: string,
  method: "GET" | "POST" = "GET",
  body?: object,
): Promise<Response> {
  const unix = controlPath(dataDir);
  const notRunning = new AppError(
    "not_running",
    `No gatehouse is running on ${dataDir}. Start it with \`gatehouse serve --data ${dataDir}\`, or name its directory with --data.`,
  );
  try {
    accessSync(unix, constants.W_OK);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EACCES")) throw notRunning;
    throw new AppError("forbidden", `${dataDir} belongs to another user: run this as the one that gatehouse runs as.`);
  }
  const response = await fetch(`http://gatehouse${path}`, {
    unix,
    method,
    ...(body && { body: JSON.stringify(body) }),
  }).catch(() => {
    throw notRunning;
  });
  if (response.ok) return response;
  const refused = (await response.json().catch(() => ({}))) as { code?: ErrorCode; message?: string };
  throw new AppError(
    refused.code ?? "storage_failed",
    refused.message ?? `The appliance answered ${response.status}; its log says why.`,
  );
}

export async function askJson<T>(
  dataDir: string,
  path: string,
  method: "GET" | "POST" = "GET",
  body?: object,
): Promise<T> {
  return (await (await ask(dataDir, path, method, body)).json()) as T;
}

/** Lines of an endless answer, as they come. */
export async function* askLines(dataDir: string, path: string): AsyncGenerator<string> {
  const response = await ask(dataDir, path);
  const decoder = new TextDecoder();
  let rest = "";
  for await (const chunk of response.body ?? []) {
    rest += decoder.decode(chunk, { stream: true });
    const lines = rest.split("\n");
    rest = lines.pop() ?? "";
    yield* lines.filter((line) => line !== "");
  }
}
