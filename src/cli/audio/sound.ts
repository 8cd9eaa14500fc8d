import { AppError } from "../../app-error.ts";

/** As it lies in the file: each channel −1…1, all of one length. */
export type Sound = { rateHz: number; channels: Float32Array[] };

export function damagedSound(path: string, what: string, cause?: unknown): AppError {
  return new AppError(
    "invalid_input",
    `${path} is damaged (${what}): copy it again from where it came.`,
    cause === undefined ? {} : { cause },
  );
}
