import { validator } from "hono/validator";
import type { z } from "zod";
import { AppError } from "../../app-error.ts";

/**
 * Checks one part of a request; the route reads it by `c.req.valid(part)`.
 * @throws AppError("invalid_input") naming the field, never quoting its value.
 */
export const parse = <Part extends "json" | "query" | "param", Schema extends z.ZodType>(part: Part, schema: Schema) =>
  validator(part, (value): z.infer<Schema> => {
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    const issue = result.error.issues[0];
    const where = issue?.path.join(".") || "request";
    throw new AppError("invalid_input", `${where}: ${issue?.message ?? "is not valid"}`);
  });
