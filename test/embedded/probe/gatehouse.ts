/** A program that uses everything the executable carries, in all three places that it runs in. Prints what it found. */
import { readFileSync } from "node:fs";
import Database from "better-sqlite3-multiple-ciphers";
import { embeddedFile, embeddedPaths } from "../../../src/embedded/files.ts";
import { extractNatives, removeOtherNatives, sqliteBinding } from "../../../src/embedded/natives.ts";
import { selfCommand, workerUrl } from "../../../src/embedded/self.ts";
import { probabilityOfSilence } from "./silero.ts";

const [command, folder = ""] = process.argv.slice(2);
if (command === "speech") {
  process.on("disconnect", () => process.exit(0));
  process.send?.(await probabilityOfSilence(folder));
} else if (command === "extract") {
  console.log(extractNatives(folder));
} else if (command === "tidy") {
  removeOtherNatives(extractNatives(folder));
} else {
  const nativeDir = extractNatives(folder);
  console.log(
    JSON.stringify({
      nativeDir,
      sizes: Object.fromEntries(embeddedPaths("").map((path) => [path, embeddedFile(path).length])),
      encrypted: writesCiphertext(nativeDir, `${folder}/probe.db`),
      main: await probabilityOfSilence(nativeDir),
      worker: await askWorker(nativeDir),
      child: await askChild(nativeDir),
      flac: await decodesFlac(),
      dotenv: process.env.GATEHOUSE_PROBE_DOTENV ?? null,
    }),
  );
}

function writesCiphertext(nativeDir: string, file: string): boolean {
  const database = new Database(file, { nativeBinding: sqliteBinding(nativeDir), timeout: 1000 });
  database.pragma("cipher='sqlcipher'");
  database.pragma("legacy=4");
  database.pragma(`key="x'${"ab".repeat(32)}'"`);
  database.exec("CREATE TABLE needle (text TEXT); INSERT INTO needle VALUES ('findable')");
  database.close();
  const bytes = readFileSync(file);
  return !bytes.includes("SQLite format 3") && !bytes.includes("findable");
}

/** Loaded where it is needed, as in src/cli/audio; ready once its WebAssembly runs. */
async function decodesFlac(): Promise<boolean> {
  const { FLACDecoder } = await import("@wasm-audio-decoders/flac");
  const decoder = new FLACDecoder();
  await decoder.ready;
  decoder.free();
  return true;
}

function askWorker(nativeDir: string): Promise<number> {
  const worker = new Worker(workerUrl("media"));
  return new Promise((resolve, reject) => {
    worker.onerror = (event) => reject(new Error(event.message));
    worker.onmessage = ({ data }) => {
      worker.terminate();
      resolve(data);
    };
    worker.postMessage(nativeDir);
  });
}

function askChild(nativeDir: string): Promise<unknown> {
  return new Promise((resolve) => {
    const child = Bun.spawn(selfCommand(["speech", nativeDir]), {
      stderr: "inherit",
      ipc: (message) => {
        resolve(message);
        child.disconnect();
      },
    });
  });
}
