// needs: baresip, espeak-ng, sox
/**
 * Ten synthesised callers on telephones that others wrote (baresip), each in a voice of its own, against the real
 * executable: ten calls, ten bookings that equal what was said. Nobody calls twice and nothing is tried again.
 */
import { afterAll, beforeAll, expect, test } from "bun:test";
import { join } from "node:path";
import { type Appliance, removeFolders, startAppliance, until } from "./appliance.ts";
import { callBy, type Talked } from "./baresip.ts";
import { type Caller, tenCallers } from "./callers.ts";

/** As many as two cores carry without anybody waiting longer for an answer than on a quiet machine. */
const atATime = 4;

type Turn = { n: number; heard: string; said: string; saidInFull: boolean; asks: string | null };
type Call = {
  id: string;
  caller: string | null;
  outcome: string | null;
  turns: Turn[];
  after: { summary: string; score: number | null } | null;
};
type Viewing = { property: string; start: string; name: string; phone: string; status: string };

const callers = tenCallers(new Date());
const numberOf = (index: number) => `0770090080${index}`;
const results = new Map<Caller, Talked>();
const calls = new Map<string, Call>();
let appliance: Appliance;
let viewings: Viewing[];

beforeAll(async () => {
  appliance = await startAppliance();
  const waiting = callers.map((caller, index) => ({ caller, index }));
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { caller, index } = next;
      const folder = join(appliance.folders.root, `caller-${index}`);
      results.set(caller, await callBy(caller, numberOf(index), appliance.sip, folder));
    }
  };
  const started = performance.now();
  await Promise.all(Array.from({ length: atATime }, work));
  console.log(`${callers.length} calls, ${atATime} at a time: ${((performance.now() - started) / 1000).toFixed(0)} s`);
  await until("all calls closed", async () => (await appliance.cli<Call[]>("calls", "list")).every((c) => c.outcome));
  viewings = await appliance.cli<Viewing[]>("viewings", "list");
  for (const { id, caller } of await appliance.cli<Call[]>("calls", "list"))
    calls.set(caller ?? "", await appliance.cli<Call>("calls", "show", id));
  const report = callers.map((caller, index) => ({
    ...caller,
    ...results.get(caller),
    call: calls.get(e164(numberOf(index))),
  }));
  await Bun.write(join(import.meta.dir, "../../test-artefacts/bookings.json"), JSON.stringify(report, undefined, 1));
}, 360_000);

afterAll(async () => {
  await appliance.stop();
  removeFolders(appliance.folders);
});

const e164 = (national: string) => `+44${national.slice(1)}`;

/** Everybody in it is invented. */
function conversation(turns: readonly Turn[]): string {
  return turns
    .flatMap(({ heard, said, saidInFull }) => [
      `  caller     ${heard}`,
      `  gatehouse  ${said}${saidInFull ? "" : " —"}`,
    ])
    .join("\n");
}

test.each(callers.map((caller, index) => ({ index, voice: caller.voice, caller })))(
  "caller $index, $voice: books what was said, in one call, with nothing asked twice",
  ({ caller, index }) => {
    const talked = results.get(caller);
    const call = calls.get(e164(numberOf(index)));
    const booked = viewings.filter(({ phone }) => phone === caller.wants.phone);
    const mine = booked.map(({ property, start, name, phone }) => ({ property, start, name, phone }));
    const endedMs = talked?.events.find((event) => event.event === "ended")?.ms;
    console.log(
      `${caller.voice}: ${talked?.seconds.toFixed(1)} s, ${endedMs} ms, ${call?.turns.length} turns, ${call?.outcome}`,
    );
    const asPlanned = Bun.deepEquals(mine, [caller.wants]) && call?.turns.length === caller.lines.length + 1;
    if (!asPlanned) console.log(`${conversation(call?.turns ?? [])}\n${JSON.stringify(talked?.events)}`);
    expect(mine).toEqual([caller.wants]);
    expect(call?.outcome).toBe("booked");
    expect(talked?.said).toBe(caller.lines.length);
    expect(talked?.events.at(-1)).toMatchObject({ event: "ended" });
    expect(call?.after?.summary).toStartWith(`Booked a viewing of ${caller.wants.property}, `);
    expect(call?.after?.summary).toEndWith(`, for ${caller.wants.name}.`);
    expect(call?.after?.score).toBeGreaterThanOrEqual(60); // understood at once; some cut in, and a busy machine is slow
    // The greeting, and one answer to each line.
    expect(call?.turns).toHaveLength(caller.lines.length + 1);
  },
);

test("whoever cuts in is let speak: the agent falls silent", () => {
  for (const [index, caller] of callers.entries()) {
    const cutsIn = caller.lines.filter((line) => typeof line !== "string").length;
    const cutShort = calls.get(e164(numberOf(index)))?.turns.filter(({ saidInFull }) => !saidInFull) ?? [];
    expect({ voice: caller.voice, cutShort: cutShort.length }).toEqual({ voice: caller.voice, cutShort: cutsIn });
  }
});

test("ten bookings, and nothing else in the diary", () => {
  expect(viewings).toHaveLength(callers.length);
  expect(calls.size).toBe(callers.length);
});
