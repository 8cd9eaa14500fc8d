import { expect, test } from "bun:test";
import { join } from "node:path";
import { closingLine, neededTools, readJunit } from "../../scripts/lib/test-report.ts";
import { temporaryTree } from "./temporary-tree.ts";

/** What Bun itself writes, not what we believe that it writes. */
function bunTest(text: string) {
  using tree = temporaryTree({ "a.test.ts": `import { describe, expect, test } from "bun:test";\n${text}` });
  const report = join(tree.path, "report.xml");
  const command = [process.execPath, "test", "./a.test.ts", "--reporter=junit", `--reporter-outfile=${report}`];
  const { exitCode } = Bun.spawnSync(command, { cwd: tree.path });
  const file = Bun.spawnSync(["cat", report]);
  return readJunit("a", file.success ? file.stdout.toString() : undefined, exitCode);
}

test("passed, failed and skipped tests are counted apart, nested ones too", () => {
  const result = bunTest(`
    test("one", () => {});
    describe("group <&>", () => {
      test("two", () => expect(1).toBe(2));
      test("three", () => {});
    });
    test.skip("four: no <peer> & no sound", () => {});
    test.todo("five");
  `);

  expect(result).toMatchObject({ passed: 2, failed: 1, failures: ["two"] });
  expect(result.skipped.map((name) => name.replace(/ \(.*/, ""))).toEqual(["four: no <peer> & no sound", "five"]);
});

test.each([
  ["a crash in mid-run", 'test("a", () => { process.kill(process.pid, "SIGKILL"); });'],
  ["an error outside of any test", 'test("a", () => {});\nthrow new Error("x");'],
  ["a file without tests", ""],
])("%s is a failure", (_what, text) => {
  expect(bunTest(text).failed).toBeGreaterThan(0);
});

test("the closing line sums all suites and mentions skipped tests only where there are any", () => {
  const ran = { name: "a", passed: 3, failed: 1, failures: ["x"], skipped: [] };

  expect(closingLine([ran, ran])).toBe("6 passed, 2 failed");
  expect(closingLine([ran, { ...ran, skipped: ["x"] }])).toBe("6 passed, 2 failed, 1 skipped");
});

test("a file says which programs it needs", () => {
  expect(neededTools("// needs: baresip, espeak-ng\nimport …")).toEqual(["baresip", "espeak-ng"]);
  expect(neededTools("import …\n// it needs: nothing\n")).toEqual([]);
});
