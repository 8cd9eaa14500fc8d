/** What came of one suite. */
export type SuiteResult = {
  name: string;
  passed: number;
  failed: number;
  /** Of each that failed: its name, where it is known. */
  failures: string[];
  /** Of each test that was not run: its name (and file). */
  skipped: string[];
};

type Attributes = Record<string, string>;

/**
 * Counts a JUnit report as `bun test --reporter=junit` writes it. A run that ended badly although no test of the report
 * failed (a crash, an error outside of any test) counts as one failure: silence is not success.
 *
 * @param xml `undefined` where no report was written.
 */
export function readJunit(name: string, xml: string | undefined, exitCode: number): SuiteResult {
  const result: SuiteResult = { name, passed: 0, failed: 0, failures: [], skipped: [] };
  // A test is <testcase …/> or <testcase …>…</testcase>, with <failure>, <error> or <skipped> inside.
  for (const [, head = "", body = ""] of (xml ?? "").matchAll(/<testcase\s([^>]*?)(?:\/>|>([\s\S]*?)<\/testcase>)/g)) {
    const { name: title = "?", file = "?" } = attributes(head);
    if (/<(failure|error)\b/.test(body)) {
      result.failed++;
      result.failures.push(title);
    } else if (/<skipped\b/.test(body)) result.skipped.push(`${title} (${file})`);
    else result.passed++;
  }
  const ran = result.passed + result.failed + result.skipped.length;
  if (result.failed === 0 && (exitCode !== 0 || ran === 0)) result.failed++;
  return result;
}

function attributes(head: string): Attributes {
  const found = [...head.matchAll(/([\w-]+)="([^"]*)"/g)];
  return Object.fromEntries(found.map(([, key = "", value = ""]) => [key, unescaped(value)]));
}

function unescaped(text: string): string {
  const names: Attributes = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };
  return text.replace(/&(lt|gt|quot|apos|amp);/g, (whole, name: string) => names[name] ?? whole);
}

/** Programs that a test file says it needs, in a line `// needs: baresip, espeak-ng`. */
export function neededTools(text: string): string[] {
  const line = /^\/\/ needs: (.+)$/m.exec(text)?.[1];
  return line === undefined ? [] : line.split(/[,\s]+/).filter((tool) => tool !== "");
}

/** The line that ends a run, in the words that CI looks for; `skipped` only where there is any. */
export function closingLine(results: readonly SuiteResult[]): string {
  const sum = (count: (result: SuiteResult) => number) => results.reduce((total, result) => total + count(result), 0);
  const skipped = sum((result) => result.skipped.length);
  const line = `${sum(({ passed }) => passed)} passed, ${sum(({ failed }) => failed)} failed`;
  return skipped === 0 ? line : `${line}, ${skipped} skipped`;
}
