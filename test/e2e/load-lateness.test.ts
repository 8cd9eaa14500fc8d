// needs: tcpdump
/** A slice of `bun run load`: the executable, its main thread blocked, sound both ways, a packet capture. */
import { expect, test } from "bun:test";
import { join } from "node:path";

async function load(...args: string[]) {
  const command = [process.execPath, join(import.meta.dir, "../load/main.ts"), "--json", ...args];
  const child = Bun.spawn(command, { stdout: "pipe", stderr: "inherit" });
  const text = await child.stdout.text();
  expect(await child.exited).toBe(0);
  console.log(text.trim());
  return JSON.parse(text);
}

test.each([
  ["PCMA", "off"],
  ["G722", "sdes"],
])(
  "10 calls with %s, SRTP %s: all are answered, all sound comes back, and the blocked main thread delays none of it",
  async (codec, srtp) => {
    const figures = await load("--calls", "10", "--seconds", "4", "--codec", codec, "--srtp", srtp);
    expect(figures).toMatchObject({ failed: 0, capture: "tcpdump", dropped: {} });
    expect(figures.sent).toBeGreaterThanOrEqual(2_000);
    expect(figures.packets).toBeGreaterThan(1_400);
    expect(figures.lostPercent).toBe(0);
    expect(figures.loudWorstCall).toBeGreaterThan(0.9); // where the telephones themselves were late there is a gap
    // Sent by the main thread, one in ten would be over 80 ms late. The goal (p99 ≤ 2 ms) is a figure of the full run: a
    // machine that does other things as well holds up a hundredth of anybody's packets.
    expect(figures.lateP90Ms).toBeLessThan(20);
  },
  60_000,
);
