// needs: strace
/** A whole call under the kernel's eyes: nothing is written but in the appliance's own folders, nothing is sent but to its peer. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync } from "node:fs";
import { dirname, join, sep } from "node:path";
import { executable, type Folders, makeFolders, removeFolders, startAppliance, until } from "./appliance.ts";
import { type BookedViewing, createDemoCaller, shownOf, wished, wishes } from "./demo-caller.ts";
import { isComplete, readTrace, type Traced, tracing } from "./trace.ts";

let folders: Folders;
let traced: Traced;

beforeAll(async () => {
  folders = makeFolders();
  mkdirSync(join(folders.root, "trace"));
  const into = join(folders.root, "trace", "call");
  const caller = await createDemoCaller();
  const appliance = await startAppliance({ folders, prefix: tracing(into) });
  const [wish] = wishes();
  await caller.call(appliance, wish);
  expect((await appliance.cli<BookedViewing[]>("viewings", "list")).map(shownOf)).toEqual([wished(wish)]);
  await appliance.cli("sign-in");
  const page = await fetch(appliance.ready.web, { tls: { rejectUnauthorized: false } });
  expect(page.status).toBe(200);
  expect(await appliance.stop()).toBe(0);
  await until("the trace is whole", () => isComplete(into, (pid) => existsSync(`/proc/${pid}`)));
  traced = readTrace(into, folders.root);
}, 180_000);
afterAll(() => removeFolders(folders));

const isBelow = (folder: string, path: string) => path === folder || path.startsWith(folder + sep);

describe("files", () => {
  test("everything written, made, renamed, linked or removed lies in the data folder, the key's or TMPDIR", () => {
    const own = [folders.data, dirname(folders.key), folders.temp];
    const elsewhere = traced.written.filter(({ path }) => !own.some((folder) => isBelow(folder, path)));
    // The standard streams of the speech children that go nowhere: `stdin: "ignore"`.
    expect([...new Set(elsewhere.map(({ path }) => path))]).toEqual(["/dev/null"]);
  });

  test("the trace has seen the database, its log, a recording and the key being written", () => {
    const names = traced.written.map(({ path }) => path.slice(folders.root.length + 1));
    expect(names).toContain("data/gatehouse.db");
    expect(names).toContain("data/gatehouse.db-wal");
    expect(names).toContain("key/key");
    expect(names.some((name) => /^data\/recordings\/.*\.ghr$/.test(name))).toBe(true);
  });

  test("nothing goes into TMPDIR", () => {
    expect(traced.written.filter(({ path }) => isBelow(folders.temp, path))).toEqual([]);
  });

  test("no call is used that goes around the trace, and no other program is run", () => {
    expect(traced.evasive).toEqual([]);
    expect([...new Set(traced.executed)]).toEqual([executable]);
  });
});

describe("sockets", () => {
  const of = (...calls: string[]) => traced.sockets.filter(({ call }) => calls.includes(call));

  test("datagrams go to the configured peer only, and there were some", () => {
    const sent = of("sendto", "sendmsg", "sendmmsg").filter(({ family }) => family !== "AF_NETLINK");
    expect(sent.length).toBeGreaterThan(1_000);
    expect([...new Set(sent.map(({ family, address }) => `${family} ${address}`))]).toEqual(["AF_INET 127.0.0.1"]);
  });

  test("it connects to nobody", () => {
    expect(of("connect")).toEqual([]);
  });

  test("it listens on loopback and on its control socket; the rest asks the kernel for the host's own addresses", () => {
    const bound = new Set(of("bind").map(({ family, address }) => `${family} ${address}`));
    expect([...bound].sort()).toEqual([
      "AF_INET 127.0.0.1",
      "AF_NETLINK ",
      `AF_UNIX ${join(folders.data, "control.sock")}`,
    ]);
  });
});

test("a program that writes and sends elsewhere is seen, so the trace can see", async () => {
  const into = join(folders.root, "trace", "control");
  const elsewhere = join(folders.root, "elsewhere");
  const script = `echo > ${elsewhere}; mv ${elsewhere} ${elsewhere}.moved; echo > /dev/udp/127.0.0.9/9; /bin/true`;
  await Bun.spawn([...tracing(into), "bash", "-c", script], { cwd: folders.root, stdout: "ignore", stderr: "ignore" })
    .exited;
  await until("the trace is whole", () => isComplete(into, (pid) => existsSync(`/proc/${pid}`)));
  const control = readTrace(into, folders.root);
  const paths = control.written.map(({ path }) => path);
  expect(paths).toContain(elsewhere);
  expect(paths).toContain(`${elsewhere}.moved`);
  expect(control.sockets).toContainEqual({ call: "connect", family: "AF_INET", address: "127.0.0.9" });
  expect(control.executed.some((path) => path.endsWith("/true"))).toBe(true);
}, 20_000);
