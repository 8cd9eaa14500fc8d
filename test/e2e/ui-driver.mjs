/**
 * Drives Chromium for test/e2e/ui-browser.ts: a JSON command a line on standard input, its answer a line on standard
 * output. Run by Node, because Playwright's connection was seen to hang under Bun.
 */
import { createInterface } from "node:readline";
import { chromium } from "playwright-core";

const { spki, executable } = JSON.parse(process.argv[2]);
const browser = await chromium.launch({
  executablePath: executable,
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
    `--ignore-certificate-errors-spki-list=${spki}`,
  ],
});

/** What the page complained of, of any page opened: CSP violations among them. */
const problems = [];
/** Every address that was asked for. */
const requested = [];
let context;
let page;

async function newContext(options) {
  await context?.close();
  context = await browser.newContext({ locale: "en-GB", timezoneId: "America/New_York", ...options });
  page = await context.newPage();
  page.setDefaultTimeout(15_000);
  page.on("console", (message) => {
    if (message.type() === "error" || message.type() === "warning") problems.push(message.text());
  });
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("request", (request) => requested.push(request.url()));
}

/** Asked from outside: Playwright's own way evaluates a string inside the page, which our policy forbids. */
async function waitFor(script) {
  for (let tries = 0; !(await page.evaluate(script)); tries++) {
    if (tries > 300) throw new Error("it did not become true in 15 s");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const commands = {
  window: async (options) => await newContext(options),
  goto: async ({ url }) => void (await page.goto(url, { waitUntil: "load" })),
  click: async ({ role, name, exact }) => await page.getByRole(role, { name, exact }).first().click(),
  fill: async ({ label, value }) => await page.getByLabel(label, { exact: true }).fill(value),
  press: async ({ key }) => await page.keyboard.press(key),
  waitForText: async ({ text, boundMs }) => await page.getByText(text).first().waitFor({ timeout: boundMs }),
  text: async () => await page.locator("body").textContent(),
  address: async () => page.url(),
  screenshot: async ({ path, fullPage }) => void (await page.screenshot({ path, fullPage })),
  evaluate: async ({ script }) => await page.evaluate(script),
  waitFor: async ({ script }) => await waitFor(script),
  problems: async () => problems,
  requested: async () => requested,
  close: async () => await browser.close(),
};

process.stdout.write(`${JSON.stringify({ ready: browser.version() })}\n`);
for await (const line of createInterface({ input: process.stdin })) {
  const { command, ...given } = JSON.parse(line);
  let answer;
  try {
    answer = { value: (await commands[command](given)) ?? null };
  } catch (error) {
    answer = { error: String(error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
  if (command === "close") break;
}
process.exit(0);
