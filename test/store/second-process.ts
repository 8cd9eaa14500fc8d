/** A process that tries to open the database of another, and prints how that ended. */
import { AppError } from "../../src/app-error.ts";
import { extractNatives, sqliteBinding } from "../../src/embedded/natives.ts";
import { openDatabase } from "../../src/store/connection.ts";

const [folder = "", path = "", key = ""] = process.argv.slice(2);
try {
  openDatabase({
    path,
    key: Buffer.from(key, "hex"),
    mayCreate: true,
    nativeBinding: sqliteBinding(extractNatives(folder)),
  });
  console.log("opened");
} catch (error) {
  console.log(error instanceof AppError ? error.code : String(error));
}
process.exit(0);
