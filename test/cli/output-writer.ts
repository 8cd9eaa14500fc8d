/** Writes so many bytes to standard output, and to standard error how that went; then ends at once, as commands do. */
import { AppError } from "../../src/app-error.ts";
import { writeOut } from "../../src/cli/output.ts";

try {
  const whole = writeOut("x".repeat(Number(process.argv[2])));
  writeOut(String(whole), 2);
} catch (error) {
  writeOut(error instanceof AppError ? error.code : String(error), 2);
}
process.exit(0);
