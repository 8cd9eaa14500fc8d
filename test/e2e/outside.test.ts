/**
 * What the executable does beyond its own folders, as the system sees it: nothing is written elsewhere, nobody is looked
 * up or written to, and it lives on when those who listen to it go away.
 */
import { afterEach, expect, test } from "bun:test";
import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { executable, type Folders, makeFolders, removeFolders, runCli, startAppliance, until } from "./appliance.ts";

const left: Folders[] = [];
const folders = (): Folders => {
  const made = makeFolders();
  left.push(made);
  return made;
};
afterEach(() => {
  for (const made of left.splice(0)) removeFolders(made);
});

const strace = Bun.which("strace");

/** Calls of the trace that could make or change a file, without those that failed. */
function written(trace: string): string[] {
  const paths: string[] = [];
  for (const line of trace.split("\n")) {
    if (/= -1 E/.test(line)) continue;
    const [, call = "", rest = ""] = /^\d+ +(\w+)\((.*)$/.exec(line) ?? [];
    const changes =
      call === "openat"
        ? /O_(WRONLY|RDWR|CREAT|TRUNC)/.test(rest)
        : call !== "" && !/^(socket|connect|send)/.test(call);
    if (changes) paths.push(...[...rest.matchAll(/"([^"]*)"/g)].map((match) => match[1] ?? ""));
  }
  return paths;
}

test.skipIf(strace === null)(
  "a run writes only into its folders and reaches for nobody (skipped: no strace)",
  async () => {
    const made = folders();
    const home = join(made.root, "home");
    mkdirSync(home);
    const trace = join(made.root, "trace");
    const calls =
      "connect,sendto,sendmsg,openat,creat,mkdir,mkdirat,rename,renameat,renameat2,link,linkat,symlink,symlinkat,truncate";
    const appliance = await startAppliance({
      folders: made,
      prefix: ["strace", "-f", "-qq", "-s", "300", "-o", trace, "-e", `trace=${calls}`],
      env: { HOME: home, CI: "", ORT_DISABLE_TELEMETRY: "" },
    });
    await appliance.cli("status");
    await appliance.cli("sign-in");
    await Bun.sleep(8_000); // what reports to its maker did so within five seconds of the first model
    const [child] = readdirSync(`/proc/${appliance.child.pid}/task/${appliance.child.pid}`).includes("children")
      ? readFileSync(`/proc/${appliance.child.pid}/task/${appliance.child.pid}/children`, "utf8").trim().split(" ")
      : [];
    process.kill(Number(child), "SIGTERM"); // the tracer's own child: the appliance
    expect(await appliance.child.exited).toBe(0);

    const text = readFileSync(trace, "utf8");
    expect(text).toContain(join(made.data, "gatehouse.db")); // the trace saw something
    expect(
      text.split("\n").filter((line) => /sa_family=AF_INET|"\/(var\/)?run\/(nscd|systemd\/resolve)/.test(line)),
    ).toEqual([]);
    const ours = [made.data, join(made.root, "key"), "/dev/null"];
    const elsewhere = written(text).filter(
      (path) => path.startsWith("/") && !ours.some((place) => path.startsWith(place)),
    );
    expect(elsewhere).toEqual([]);
    expect(readdirSync(made.temp)).toEqual([]);
    expect(readdirSync(home)).toEqual([]);
  },
  60_000,
);

test("no core dump; other users see neither files nor keys", async () => {
  const appliance = await startAppliance({ folders: folders() });
  const { pid } = appliance.child;
  expect(readFileSync(`/proc/${pid}/limits`, "utf8")).toMatch(/Max core file size +0 +0 /);
  const open = readdirSync(appliance.folders.data, { recursive: true, withFileTypes: true });
  expect(open.length).toBeGreaterThan(4);
  const modes = open.map((entry) => statSync(join(entry.parentPath, entry.name)).mode & 0o077);
  expect(modes.every((mode) => mode === 0)).toBe(true);
  expect(await appliance.stop()).toBe(0);
}, 30_000);

test("a log that nobody reads any more does not end it, and a closed terminal ends it in order", async () => {
  const made = folders();
  const log = join(made.root, "log");
  const shell = `exec "${executable}" serve --data "${made.data}" --key "${made.key}" --set sip.port=0 --set web.port=0 2> >(head -1 > "${log}")`;
  const child = Bun.spawn(["bash", "-c", shell], { stdout: "ignore", env: { ...process.env, TMPDIR: made.temp } });
  const speech = async () => {
    const { code, out } = await runCli(["status", "--data", made.data, "--json"]);
    return code === 0
      ? (JSON.parse(out) as { speech: { pid: number; ready: boolean; restarts: number }[] }).speech
      : [];
  };
  await until("speech", async () => (await speech()).some(({ ready }) => ready), 20_000);
  const pid = (await speech())[0]?.pid;
  if (pid === undefined || pid <= 0) throw new Error("no speech child"); // 0 would be this whole process group
  process.kill(pid, "SIGKILL"); // gives it something to log, into the closed pipe
  await until("a restarted child", async () => (await speech()).some(({ restarts }) => restarts === 1));
  expect(child.exitCode).toBeNull();
  child.kill("SIGHUP");
  expect(await child.exited).toBe(0);
}, 60_000);

test("a second one on the same data is refused, also where the socket was removed", async () => {
  const appliance = await startAppliance({ folders: folders() });
  const { data, key } = appliance.folders;
  const second = async () =>
    await runCli(["serve", "--data", data, "--key", key, "--set", "sip.port=0", "--set", "web.port=0"]);
  expect(await second()).toMatchObject({ code: 2, err: expect.stringContaining("already running") });
  unlinkSync(join(data, "control.sock"));
  expect(await second()).toMatchObject({ code: 2, err: expect.stringContaining("Another process") });
  expect(await appliance.stop()).toBe(0);
}, 60_000);

test("a data folder that others can write to, and one with too long a name, are refused", async () => {
  const made = folders();
  chmodSync(made.data, 0o777);
  const serve = async (data: string) => await runCli(["serve", "--data", data, "--key", made.key]);
  expect(await serve(made.data)).toMatchObject({ code: 2, err: expect.stringContaining("chmod 700") });
  expect(readdirSync(made.data)).toEqual([]);
  expect(await serve(join(made.root, "x".repeat(100)))).toMatchObject({
    code: 2,
    err: expect.stringContaining("too long"),
  });
}, 20_000);
