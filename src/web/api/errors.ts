/** The one place where failures become HTTP statuses. */
import type { ErrorHandler } from "hono";
import { HTTPException } from "hono/http-exception";
import { AppError, type ErrorCode } from "../../app-error.ts";
import type { WebEnv } from "./env.ts";
import type { ErrorBody } from "./shapes.ts";

type Status = 400 | 401 | 403 | 404 | 409 | 410 | 429 | 500 | 503 | 507;

const statusOf: Partial<Record<ErrorCode, Status>> = {
  invalid_input: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  conflict: 409,
  expired: 410,
  too_many: 429,
  storage_failed: 507,
  speech_failed: 503,
  media_failed: 503,
};

export function onError(failed: (error: unknown) => void): ErrorHandler<WebEnv> {
  return (error, c) => {
    if (error instanceof AppError) {
      const status = statusOf[error.code];
      if (status !== undefined) return c.json<ErrorBody>({ code: error.code, message: error.message }, status);
    }
    // Hono's own: a body that is not JSON.
    if (error instanceof HTTPException && error.status < 500) {
      return c.json<ErrorBody>({ code: "invalid_input", message: "The request could not be read." }, 400);
    }
    failed(error);
    return c.json<ErrorBody>({ code: "internal", message: "Something went wrong here. It has been logged." }, 500);
  };
}
