/** Runs the checks, the build and the tests, one after the other, and counts. scripts/test prepares for it. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { closingLine, neededTools, readJunit, type SuiteResult } from "./lib/test-report.ts";

const repository = join(import.meta.dir, "..");
const strict = process.argv.includes("--strict");
const only = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
const started = performance.now();
const reports = mkdtempSync(join(tmpdir(), "gatehouse-reports-"));
const results: SuiteResult[] = [];
let suites = 0;

function heading(text: string): void {
  console.log(`\n== [${((performance.now() - started) / 1000).toFixed(0)} s] ${text}`);
}

async function run(command: string[], timeoutMs: number): Promise<number> {
  const child = Bun.spawn(command, { cwd: repository, stdin: "ignore", stdout: "inherit", stderr: "inherit" });
  const timer = setTimeout(() => {
    console.log(`== still running after ${timeoutMs / 60_000} minutes, ended: ${command.join(" ")}`);
    child.kill("SIGKILL");
  }, timeoutMs);
  const code = await child.exited;
  clearTimeout(timer);
  return code;
}

/** A command that passes or fails as a whole. */
async function step(name: string, command: string[]): Promise<void> {
  heading(name);
  const code = await run(command, 10 * 60_000);
  results.push({ name, passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, failures: [], skipped: [] });
}

/** Test files in a process of their own, so that a crash of one suite takes no other with it. */
async function suite(name: string, files: string[], timeoutMs: number): Promise<void> {
  const runnable = files.filter((file) => mayRun(name, file));
  if (runnable.length === 0) return;
  heading(`${name}: ${runnable.length} files`);
  const report = join(reports, `${suites++}.xml`);
  const command = [
    "bun",
    "test",
    ...runnable.map((file) => `./${file}`),
    "--reporter=junit",
    `--reporter-outfile=${report}`,
  ];
  const code = await run(command, timeoutMs);
  results.push(readJunit(name, existsSync(report) ? readFileSync(report, "utf8") : undefined, code));
}

function mayRun(name: string, file: string): boolean {
  const absent = neededTools(readFileSync(join(repository, file), "utf8")).filter((tool) => Bun.which(tool) === null);
  if (absent.length === 0) return true;
  const why = `left out: it needs ${absent.join(" and ")}, not installed here`;
  results.push({ name, passed: 0, failed: 0, failures: [], skipped: [`${file} (${why})`] });
  return false;
}

function testFiles(): string[] {
  const found = [...new Bun.Glob("test/**/*.test.{ts,tsx}").scanSync({ cwd: repository, onlyFiles: true })].sort();
  if (only.length === 0) return found;
  return found.filter((file) => only.some((start) => file.startsWith(start.replace(/^\.\//, ""))));
}

function groups(files: string[]): Map<string, string[]> {
  const grouped = new Map<string, string[]>();
  for (const file of files) {
    const folder = file.split("/").slice(0, 2).join("/");
    grouped.set(folder, [...(grouped.get(folder) ?? []), file]);
  }
  return grouped;
}

mkdirSync(join(repository, "test-artefacts"), { recursive: true });
const files = testFiles();
if (only.length === 0) {
  await step("types", ["bunx", "--bun", "tsc", "--noEmit"]);
  await step("types of the web pages", ["bunx", "--bun", "tsc", "--noEmit", "-p", "src/web/ui"]);
  await step("lint and format", ["bunx", "--bun", "biome", "check", "."]);
  await step("imports", ["bun", "scripts/checks/imports.ts"]);
  await step("licences", ["bun", "scripts/checks/licences.ts"]);
}
for (const [folder, members] of groups(files.filter((file) => !file.startsWith("test/e2e/")))) {
  await suite(folder, members, 10 * 60_000);
}
const endToEnd = files.filter((file) => file.startsWith("test/e2e/"));
if (only.length === 0 || endToEnd.length > 0) await step("build", ["bun", "scripts/build.ts"]);
// One file after the other: each has the two cores, the ports and the clock to itself.
for (const file of endToEnd) await suite(file, [file], 15 * 60_000);
if (only.length === 0) await step("the demo's call", ["scripts/demo", "--once"]);
if (only.length === 0 && strict) await step("build for arm64", ["bun", "scripts/build.ts", "--arm64"]);
rmSync(reports, { recursive: true, force: true });

heading("summary");
for (const { name, passed, failed, failures, skipped } of results) {
  if (failed > 0) console.log(`FAILED  ${name}: ${failed} failed, ${passed} passed`);
  for (const title of failures) console.log(`        ${title}`);
  for (const test of skipped) console.log(`SKIPPED ${name}: ${test}`);
}
if (strict) {
  // Nothing may be left out here, so what was left out has failed.
  for (const result of results) {
    result.failed += result.skipped.length;
    result.skipped = [];
  }
}
if (results.length === 0) console.log("no test file matches");
console.log(closingLine(results));
process.exitCode = results.length > 0 && results.every(({ failed }) => failed === 0) ? 0 : 1;
