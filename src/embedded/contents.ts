/**
 * What the executable carries beside its code: the one list that both ways to run obey. A path that is not named here
 * is refused from source too, so that a file forgotten here fails in the first test and not on a customer's server.
 */

/** Patterns of Bun.Glob, relative to the repository. */
export const repositoryFiles: readonly string[] = [
  "LICENSE",
  "config/*",
  "migrations/*.sql",
  "models/manifest.json",
  "models/catalogue.json",
  "models/reference-tokens.json",
  "models/silero_vad_v5.onnx",
  "models/demo-whisper/demo-encoder.int8.onnx",
  "models/demo-whisper/demo-decoder.int8.onnx",
  "models/demo-whisper/demo-tokens.txt",
  "scripts/fetch-models",
  "src/lab/suites/*",
  "node_modules/@echogarden/espeak-ng-emscripten/espeak-ng.data",
];

/** Files that a script makes out of others; it writes them below `.cache/embedded/` under these same names. */
export const generatedFiles: readonly { pattern: string; script: string }[] = [
  { pattern: "ui/**", script: "scripts/build-ui.ts" },
  { pattern: "THIRD-PARTY-NOTICES.txt", script: "scripts/notices.ts" },
];

/** Where generated files lie when run from source, relative to the repository. */
export const generatedFolder = ".cache/embedded";
