/** A real Chromium, driven through a Node process of its own. */
import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";

export type BrowserWindow = {
  viewport?: { width: number; height: number };
  colorScheme?: "light" | "dark";
  isMobile?: boolean;
  hasTouch?: boolean;
  deviceScaleFactor?: number;
};

const artefacts = join(import.meta.dir, "../../test-artefacts");

/**
 * @param spki Base64 SHA-256 of the public key that the browser is to trust, and no other.
 * @throws if the browser does not start.
 */
export async function openBrowser(spki: string) {
  const executable = Bun.which("chromium");
  if (executable === null) throw new Error("chromium is missing: apt-get install chromium");
  const driver = Bun.spawn(["node", join(import.meta.dir, "ui-driver.mjs"), JSON.stringify({ spki, executable })], {
    stdin: "pipe",
    stdout: "pipe",
    stderr: "inherit",
  });
  const lines = linesOf(driver.stdout);
  if ((await lines.next()).value === undefined) throw new Error("the browser did not start");

  async function ask(command: string, given: object = {}): Promise<unknown> {
    driver.stdin.write(`${JSON.stringify({ command, ...given })}\n`);
    await driver.stdin.flush();
    const line = (await lines.next()).value;
    if (line === undefined) throw new Error(`the browser's driver ended at ${command}`);
    const answer = JSON.parse(line) as { value?: unknown; error?: string };
    if (answer.error !== undefined) throw new Error(`${command} ${JSON.stringify(given)}: ${answer.error}`);
    return answer.value;
  }

  return {
    /** A fresh profile: no cookie, nothing kept. */
    window: async (options: BrowserWindow) => await ask("window", options),
    goto: async (url: string) => await ask("goto", { url }),
    click: async (role: string, name: string, exact = false) => await ask("click", { role, name, exact }),
    fill: async (label: string, value: string) => await ask("fill", { label, value }),
    press: async (key: string) => await ask("press", { key }),
    /** @param boundMs 15 s if not given. */
    waitForText: async (text: string, boundMs?: number) => await ask("waitForText", { text, boundMs }),
    text: async () => String(await ask("text")),
    address: async () => String(await ask("address")),
    /** Into test-artefacts/, which git ignores. */
    async screenshot(name: string, fullPage = false) {
      const path = join(artefacts, "ui", `${name}.png`);
      mkdirSync(dirname(path), { recursive: true });
      await ask("screenshot", { path, fullPage });
    },
    /** Runs a JavaScript expression in the page. */
    evaluate: async (script: string) => await ask("evaluate", { script }),
    /** Waits until the expression is true. */
    waitFor: async (script: string) => await ask("waitFor", { script }),
    /** Errors and warnings of the console so far. */
    problems: async () => (await ask("problems")) as string[],
    requested: async () => (await ask("requested")) as string[],
    async close() {
      await ask("close");
      await driver.exited;
    },
  };
}

export type Browser = Awaited<ReturnType<typeof openBrowser>>;

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of stream) {
    text += decoder.decode(chunk, { stream: true });
    for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n")) {
      yield text.slice(0, end);
      text = text.slice(end + 1);
    }
  }
}
