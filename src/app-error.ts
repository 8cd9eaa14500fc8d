/**
 * Failures that are expected: each has a code that a program can test and a message that says what to do.
 * Anything else that is thrown is a bug.
 */
export type ErrorCode =
  | "invalid_config"
  | "port_taken"
  | "wrong_key"
  | "key_missing"
  | "key_exists"
  | "not_encrypted"
  | "database_damaged"
  | "model_damaged"
  | "model_missing"
  | "data_unwritable"
  | "already_running"
  | "not_running"
  | "unsupported_platform"
  | "speech_failed"
  | "conflict"
  | "not_found"
  | "invalid_input"
  | "unauthenticated"
  | "forbidden"
  | "expired"
  | "too_many"
  | "media_failed"
  | "storage_failed";

export class AppError extends Error {
  readonly code: ErrorCode;
  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "AppError";
    this.code = code;
  }
}
