/** SIPp as a caller: one scenario, many times. */
import { join } from "node:path";

export type SippRun = { scenario: string; calls: number; rate: number };

const folder = join(import.meta.dir, "../peers/sipp");

/** RFC 3261 §17.1.1.2: an INVITE that nobody answers is sent seven times until timer B ends it. SIPp's own bound is lower. */
const inviteRetransmissions = 6;

/** @returns its exit status and what its last screen counts. */
export async function callBySipp(at: { host: string; port: number }, { scenario, calls, rate }: SippRun) {
  const target = ["-sf", `${scenario}.xml`, `${at.host}:${at.port}`, "-s", "echo", "-i", at.host, "-mi", at.host];
  const load = ["-m", `${calls}`, "-r", `${rate}`, "-l", `${calls}`];
  const options = ["-nostdin", "-max_invite_retrans", `${inviteRetransmissions}`];
  const child = Bun.spawn(["sipp", ...target, ...load, ...options], {
    cwd: folder,
    stdout: "pipe",
    stderr: "ignore",
    env: { ...process.env, TERM: "dumb" },
  });
  const screen = (await child.stdout.text()).slice(-6_000);
  const count = (name: string) => Number(new RegExp(`${name} call +\\| +\\d+ +\\| +(\\d+)`).exec(screen)?.[1] ?? -1);
  return { code: await child.exited, successful: count("Successful"), failed: count("Failed") };
}
