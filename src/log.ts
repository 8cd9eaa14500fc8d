/**
 * One JSON line per event on stderr: a static message and fields. Nothing that a caller said, or that identifies one,
 * is ever a field: the type takes only what can be counted or names a part of the appliance.
 */
export type LogFields = Record<string, string | number | boolean | undefined>;
export type Log = {
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  /** Of an error only name, code and the place in our code are kept: its text might quote data. */
  error(message: string, error: unknown, fields?: LogFields): void;
};

export function createLog(write: (line: string) => void, nowIso: () => string): Log {
  const line = (level: string, message: string, fields: LogFields = {}) =>
    write(`${JSON.stringify({ at: nowIso(), level, message, ...fields })}\n`);
  return {
    info: (message, fields) => line("info", message, fields),
    warn: (message, fields) => line("warn", message, fields),
    error: (message, error, fields) => line("error", message, { ...fields, ...placeOf(error) }),
  };
}

function placeOf(error: unknown): LogFields {
  if (!(error instanceof Error)) return { error: typeof error };
  const code = (error as { code?: unknown }).code;
  const frame = error.stack?.split("\n").find((text) => text.trimStart().startsWith("at "));
  return { error: error.name, code: typeof code === "string" ? code : undefined, where: frame?.trim() };
}

/**
 * Writes lines to standard error. Whoever reads them may go away (a restarted journal, a closed terminal): calls go on
 * without a log, as an unheard error event would end the process.
 */
export function logToStandardError(): (line: string) => void {
  process.stderr.on("error", () => undefined);
  return (line) => {
    process.stderr.write(line);
  };
}
