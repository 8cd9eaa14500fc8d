/** What IT sees when something is wrong at start: one clear line that says what to do, exit code 2, nothing lost. */
import { afterEach, describe, expect, test } from "bun:test";
import { createSocket } from "node:dgram";
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import type { Status } from "../../src/control/ports.ts";
import { executable, type Folders, makeFolders, removeFolders, runCli, startAppliance } from "./appliance.ts";
import { leftOutWhy, maysMount, mountSmallDisk, unmount } from "./small-disk.ts";

let folders: Folders = { root: "/nonexistent", data: "", key: "", temp: "" };
afterEach(() => removeFolders(folders));

/** Runs `serve` until it ends by itself. */
async function serve(...args: string[]) {
  return await runCli(
    ["serve", "--data", folders.data, "--key", folders.key, "--set", "sip.port=0", "--set", "web.port=0", ...args],
    { TMPDIR: folders.temp },
  );
}

function expectOneLine(ended: { code: number; err: string }, ...words: RegExp[]): void {
  const lines = ended.err
    .trim()
    .split("\n")
    .filter((line) => line.startsWith("gatehouse:"));
  expect(lines).toHaveLength(1);
  for (const word of words) expect(lines[0]).toMatch(word);
  expect(ended.code).toBe(2);
}

describe("a clear line and exit 2", () => {
  test("a taken SIP port", async () => {
    folders = makeFolders();
    const socket = createSocket("udp4");
    await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
    const { port } = socket.address();
    expectOneLine(await serve("--set", `sip.port=${port}`), new RegExp(String(port)), /use|taken/i);
    socket.close();
  });

  test("a taken web port", async () => {
    folders = makeFolders();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    expectOneLine(await serve("--set", `web.port=${port}`), new RegExp(String(port)));
    server.close();
  });

  test("a wrong key, and then the right one works again", async () => {
    folders = makeFolders();
    const first = await startAppliance({ folders });
    expect(await first.stop()).toBe(0);
    const right = readFileSync(folders.key);
    writeFileSync(folders.key, Buffer.alloc(32, 7));
    expectOneLine(await serve(), /key/i);
    writeFileSync(folders.key, right);
    const again = await startAppliance({ folders });
    expect(await again.stop()).toBe(0);
  }, 30_000);

  test("a database whose key file is gone: no new key is made", async () => {
    folders = makeFolders();
    const first = await startAppliance({ folders });
    await first.stop();
    rmSync(folders.key);
    expectOneLine(await serve(), /key/i);
    expect(existsSync(folders.key)).toBe(false);
  }, 30_000);

  test("a key file that others may read", async () => {
    folders = makeFolders();
    const first = await startAppliance({ folders });
    await first.stop();
    chmodSync(folders.key, 0o644);
    expectOneLine(await serve(), /0600|chmod/);
  }, 30_000);

  test("a model that is not where the configuration says", async () => {
    folders = makeFolders();
    const model = join(folders.root, "no-such-model");
    expectOneLine(await serve("--set", `speech.whisper.model=${model}`), /no-such-model/);
  }, 30_000);

  test("a data directory that cannot be written", async () => {
    folders = makeFolders();
    const ended = await runCli(["serve", "--data", "/proc/gatehouse", "--key", folders.key, "--set", "sip.port=0"]);
    expectOneLine(ended, /\/proc\/gatehouse/);
  });

  test("a data directory that is a file", async () => {
    folders = makeFolders();
    rmSync(folders.data, { recursive: true });
    writeFileSync(folders.data, "");
    expectOneLine(await serve(), /data/, /folder/);
  });

  test.skipIf(!maysMount)(`no room for the data${leftOutWhy}`, async () => {
    folders = makeFolders();
    mountSmallDisk(folders.data, 4);
    expectOneLine(await serve(), /data/, /ENOSPC|space/);
    unmount(folders.data);
  });

  test("addresses that are not this machine's", async () => {
    folders = makeFolders();
    for (const key of ["sip.address", "media.address", "web.address"]) {
      expectOneLine(await serve("--set", `${key}=192.0.2.1`), new RegExp(`${key.replace(".", "\\.")} 192\\.0\\.2\\.1`));
    }
  }, 30_000);

  test("a voice that espeak-ng does not have", async () => {
    folders = makeFolders();
    expectOneLine(await serve("--set", "speech.voice.voice=xx-nobody"), /xx-nobody/, /speech\.voice\.voice/);
  }, 30_000);

  test("a damaged database: it is not replaced", async () => {
    folders = makeFolders();
    const first = await startAppliance({ folders });
    await first.stop();
    const file = join(folders.data, "gatehouse.db");
    const whole = readFileSync(file);
    writeFileSync(file, whole.subarray(0, whole.length - 4_096));
    expectOneLine(await serve(), /gatehouse\.db/, /restore a backup/);
    expect(readFileSync(file).length).toBe(whole.length - 4_096);
  }, 30_000);

  test("an unknown configuration key, an unknown command, an unknown option", async () => {
    folders = makeFolders();
    expectOneLine(await serve("--set", "sip.prot=1"), /prot/);
    expectOneLine(await runCli(["frobnicate"]), /frobnicate/);
    expectOneLine(await runCli(["status", "--frobnicate"]), /frobnicate/);
  });

  test("a second appliance on the same data directory", async () => {
    folders = makeFolders();
    const first = await startAppliance({ folders });
    expectOneLine(await serve(), /already running/);
    expect(await first.stop()).toBe(0);
  }, 30_000);

  test("a command without a running appliance", async () => {
    folders = makeFolders();
    expectOneLine(await runCli(["status", "--data", folders.data]), /serve/);
  });
});

test("a model that is damaged: calls are taken, by keys, and the ready line and status name the file", async () => {
  folders = makeFolders();
  const model = join(folders.root, "model");
  Bun.spawnSync(["cp", "-r", join(import.meta.dir, "../../models/demo-whisper"), model]);
  const encoder = join(model, "demo-encoder.int8.onnx");
  writeFileSync(encoder, readFileSync(encoder).subarray(0, 100_000));
  const appliance = await startAppliance({ folders, set: [`speech.whisper.model=${model}`] });
  expect(appliance.ready.speech).toMatch(/^callers are served by keys .*demo-encoder\.int8\.onnx/);
  const { alarms } = await appliance.cli<Status>("status");
  expect(alarms).toMatchObject([
    { kind: "hearing", over: true, text: expect.stringContaining("demo-encoder.int8.onnx") },
  ]);
  expect(await appliance.stop()).toBe(0);
}, 30_000);

test("a Piper voice that is not there: espeak-ng speaks, and status says so", async () => {
  folders = makeFolders();
  const missing = join(folders.root, "voice.onnx");
  const set = ["speech.voice.kind=piper", `speech.voice.voice=${missing}`];
  const appliance = await startAppliance({ folders, set });
  const { alarms, speech } = await appliance.cli<Status>("status");
  expect(alarms).toMatchObject([{ kind: "voice", over: true, text: expect.stringContaining("voice.onnx") }]);
  expect(speech).toContainEqual(expect.objectContaining({ kind: "voice", ready: true }));
  expect(appliance.log.join("\n")).toContain("the last resort takes its place");
  expect(await appliance.stop()).toBe(0);
}, 30_000);

test("the executable runs from an empty directory and explains itself", async () => {
  folders = makeFolders();
  const help = await runCli(["help"]);
  expect(help.code).toBe(0);
  for (const command of ["serve", "status", "calls", "viewings", "licences"]) {
    expect(help.out).toContain(command);
    expect((await runCli([command, "--help"])).out).toContain(`gatehouse ${command}`);
  }
  expect((await runCli(["--version"])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect((await runCli(["licences"])).out).toContain("GNU GENERAL PUBLIC LICENSE");
  expect(readdirSync(folders.data)).toEqual([]);
  expect(existsSync(executable)).toBe(true);
});
