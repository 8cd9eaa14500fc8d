import { expect, test } from "bun:test";
import { cycleFaults, directionFaults, shapeFaults } from "../../scripts/lib/import-rules.ts";
import { importedNames, readSourceFiles } from "../../scripts/lib/source-files.ts";
import { temporaryTree } from "./temporary-tree.ts";

function faultsOf(tree: Record<string, string>): string[] {
  using folder = temporaryTree(tree);
  const files = readSourceFiles(folder.path, ["src", "test", "scripts"]);
  return [...directionFaults(files), ...cycleFaults(files), ...shapeFaults(files)];
}

const importing = (path: string) => `import { x } from "${path}";\nexport const y = x;\n`;
const leaf = "export const x = 1;\n";

test("a tree that keeps the rules has no faults", () => {
  const faults = faultsOf({
    "src/app-error.ts": leaf,
    "src/sip/ports.ts": leaf,
    "src/sip/parser.ts": importing("./ports.ts"),
    "src/sip/transport/udp.ts": `import dgram from "node:dgram";\n${importing("../parser.ts")}`,
    "src/calls/machine.ts": importing("../sip/ports.ts"),
    "src/store/calls.ts": importing("../calls/machine.ts"),
    "src/main.ts": importing("./store/calls.ts"),
    "src/cli/serve.ts": importing("../main.ts"),
    "test/calls/machine.test.ts": importing("../../src/calls/machine.ts"),
  });

  expect(faults).toEqual([]);
});

test.each([
  ["rules know no store", "src/calls/a.ts", "../store/calls.ts"],
  ["rules know no web", "src/agency/a.ts", "../web/server.ts"],
  ["rules know no speech child", "src/receptionist/a.ts", "../speech/child.ts"],
  ["rules know no edge of their own", "src/sip/a.ts", "./transport/udp.ts"],
  ["rules know no Worker", "src/media/a.ts", "./worker.ts"],
  ["the store knows no web", "src/store/a.ts", "../web/server.ts"],
  ["the web pages know no server code", "src/web/ui/a.ts", "../../store/calls.ts"],
  ["only the command that serves knows main", "src/web/a.ts", "../main.ts"],
  ["only main knows the stages of the start", "src/web/a.ts", "../start/doors.ts"],
  ["the program never imports a test", "src/cli/a.ts", "../../test/caller/phone.ts"],
  ["the program never imports a script", "src/cli/a.ts", "../../scripts/build.ts"],
])("%s", (_rule, path, target) => {
  const faults = faultsOf({ [path]: importing(target) });

  expect(faults).toHaveLength(1);
  expect(faults[0]).toStartWith(`${path} imports `);
});

test.each([
  ['import { readFileSync } from "node:fs";\n', "imports node:fs"],
  ['import Database from "better-sqlite3-multiple-ciphers";\n', "imports better-sqlite3-multiple-ciphers"],
  ['export const text = () => Bun.file("/etc/passwd").text();\n', "uses Bun.file"],
  ['export const get = () => fetch("http://example.com");\n', "uses fetch("],
])("rules do no I/O: %j", (text, fault) => {
  expect(faultsOf({ "src/receptionist/a.ts": text })).toEqual([`src/receptionist/a.ts ${fault}: rules do no I/O`]);
  expect(faultsOf({ "src/store/a.ts": text })).toEqual([]);
});

test("a type out of an I/O package does no I/O", () => {
  const text = 'import type { InferenceSession } from "onnxruntime-node";\nexport type S = InferenceSession;\n';

  expect(faultsOf({ "src/media/a.ts": text })).toEqual([]);
});

test("asking whether a text is an IP address does no I/O, opening a socket does", () => {
  const sip = (names: string) => ({ "src/sip/a.ts": `import { ${names} } from "node:net";\nexport const a = isIP;\n` });

  expect(faultsOf(sip("isIP, isIPv6"))).toEqual([]);
  expect(faultsOf(sip("connect, isIP"))).toEqual(["src/sip/a.ts imports node:net: rules do no I/O"]);
});

test("a word in a comment is no use of it", () => {
  expect(faultsOf({ "src/sip/a.ts": "// not Bun.file\n/** nor fetch(x) */\nexport const a = 1;\n" })).toEqual([]);
});

test("a cycle is named once, with the whole way round; types count", () => {
  const faults = faultsOf({
    "src/ops/a.ts": importing("./b.ts"),
    "src/ops/b.ts": 'import type { x } from "./c.ts";\nexport type y = typeof x;\n',
    "src/ops/c.ts": importing("./a.ts"),
    "src/ops/d.ts": importing("./a.ts"),
  });

  expect(faults).toEqual(["import cycle: src/ops/a.ts → src/ops/b.ts → src/ops/c.ts → src/ops/a.ts"]);
});

test("400 lines pass, 401 do not", () => {
  expect(faultsOf({ "src/ops/a.ts": "//\n".repeat(400) })).toEqual([]);
  expect(faultsOf({ "src/ops/a.ts": "//\n".repeat(401) })).toEqual(["src/ops/a.ts has 401 lines; 400 is the most"]);
});

test.each(["export default 1;\n", "const a = 1;\nexport { a as default };\n"])("no default exports: %j", (text) => {
  expect(faultsOf({ "src/ops/a.ts": text })).toEqual(["src/ops/a.ts has a default export: name it"]);
});

test("imports are found in every form, and not in strings", () => {
  const text = [
    'import "./side-effect.ts";',
    'import type { A } from "./type.ts";',
    'import b, { c } from "b";',
    "export {",
    "  d,",
    '} from "./d.ts";',
    'export * from "./e.ts";',
    'const f = await import("./f.ts");',
    'const g: typeof import("./g.ts") = f;',
    'const h = new URL("./h.ts", import.meta.url);',
    "const i = \"import x from './i.ts'\";",
    "export const j = 1;",
  ].join("\n");

  expect(importedNames(text).sort()).toEqual(
    ["./d.ts", "./e.ts", "./f.ts", "./g.ts", "./h.ts", "./side-effect.ts", "./type.ts", "b"].sort(),
  );
});

test("the check fails a tree with a fault and an empty one, by its exit code", () => {
  using bad = temporaryTree({ "src/calls/a.ts": importing("../store/calls.ts") });
  using good = temporaryTree({ "src/calls/a.ts": leaf });
  using empty = temporaryTree({ "README.md": "" });
  const check = (path: string) => Bun.spawnSync([process.execPath, "scripts/checks/imports.ts", path]);

  expect(check(bad.path).exitCode).toBe(1);
  expect(check(bad.path).stderr.toString()).toContain("src/calls/a.ts imports src/store/calls.ts");
  expect(check(good.path).exitCode).toBe(0);
  expect(check(empty.path).exitCode).toBe(1);
});
