import { expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AppError } from "../../src/app-error.ts";
import type { ControlPorts } from "../../src/control/ports.ts";
import { controlApp, refuseLongPath, startControl } from "../../src/control/server.ts";

const secret = "Wilhelmina Postlethwaite rang";

function appOver(calls: ControlPorts["readers"]["calls"]) {
  const bugs: unknown[] = [];
  const never = () => {
    throw new Error("not asked for here");
  };
  const app = controlApp({
    status: never,
    onCall: { list: never, acknowledge: never },
    maintenance: { drain: never, trace: never, traced: never },
    readers: {
      calls,
      call: () => undefined,
      signalling: () => undefined,
      viewings: () => [],
      following: () => undefined,
    },
    live: { snapshot: () => [], subscribe: () => () => undefined },
    importListings: never,
    feeds: { list: never, create: never, revoke: never },
    signInLink: never,
    failed: (error) => bugs.push(error),
  });
  return { app, bugs };
}

test("a bug is logged by its place; its text goes nowhere", async () => {
  const bug = new Error(secret);
  const { app, bugs } = appOver(() => {
    throw bug;
  });
  const response = await app.request("/calls");
  expect(response.status).toBe(500);
  expect(await response.text()).not.toContain("Wilhelmina");
  expect(bugs).toEqual([bug]);
});

test.each(["abc", "0", "-1", "1.5", "", "1e9x"])("a limit of %p is refused", async (limit) => {
  const { app } = appOver(() => []);
  const response = await app.request(`/calls?limit=${limit}`);
  expect(response.status).toBe(409);
  expect(await response.json()).toMatchObject({ code: "invalid_input" });
});

test("a limit is bounded", async () => {
  const asked: number[] = [];
  const { app } = appOver((_, limit) => {
    asked.push(limit);
    return [];
  });
  for (const query of ["", "?limit=7", "?limit=99999"]) await app.request(`/calls${query}`);
  expect(asked).toEqual([20, 7, 200]);
});

test("a path that the system would cut off is refused, by bytes", () => {
  expect(() => refuseLongPath("x".repeat(107))).not.toThrow();
  expect(() => refuseLongPath("x".repeat(108))).toThrow(AppError);
  expect(() => refuseLongPath("ü".repeat(54))).toThrow(/too long/);
});

test("the socket is the owner's alone; what is no socket in its place is refused and left there", async () => {
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-control-"));
  const path = join(folder, "control.sock");
  const { app } = appOver(() => []);
  const makers = [() => symlinkSync("/nonexistent", path), () => mkdirSync(path), () => writeFileSync(path, "kept")];
  for (const make of makers) {
    make();
    await expect(startControl(path, app)).rejects.toMatchObject({ code: "invalid_config" });
    rmSync(path, { recursive: true });
  }
  const control = await startControl(path, app);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  await expect(startControl(path, app)).rejects.toMatchObject({ code: "already_running" });
  await control.close();
  rmSync(folder, { recursive: true });
});
