/**
 * Real calls by people who do not behave: into the disclosure, into every prompt, with noise, keys and a bad line, both
 * at once for the same time, hanging up. Whatever they do, a call ends in a booking, a message, an instruction or a
 * goodbye, and nothing is called booked that is not.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { LiveEvent } from "../../src/calls/ports.ts";
import { askLines } from "../../src/control/client.ts";
import { openDays } from "../caller/demo-agency.ts";
import { type DifficultCall, ring } from "../caller/difficult.ts";
import { cough, hiss, holdMusic, keyTones, thump, tone } from "../caller/noises.ts";
import type { Line } from "../caller/phone.ts";
import { createMouth } from "../caller/voice.ts";
import { type Appliance, removeFolders, startAppliance, until } from "./appliance.ts";

const atATime = 6;

type Turn = { n: number; heard: string; said: string };
type Call = { id: string; caller: string | null; outcome: string | null; turns: Turn[] };
type Viewing = { property: string; start: string; name: string; phone: string };

const [first = { date: "", name: "" }, second = first] = openDays();

const wish = "I'd like to view fourteen Maple Road please";
const rival = ["I'd like to view seven Castle Street please", `${second.name} please`, "three o'clock please"];
const name = "My name is James Wilson";
const number = "oh seven seven oh oh, nine oh oh, one two three";

const plots: Record<string, { line?: Line; act(call: DifficultCall): Promise<void> }> = {
  "gas, into the disclosure": {
    async act(call) {
      await call.speaking();
      await call.wait(700);
      await call.say("I can smell gas");
      saidAt = performance.now();
      await call.over();
    },
  },
  "cuts into every question": {
    async act(call) {
      await call.turn();
      for (const line of [wish, `${first.name} please`, "ten o'clock please", name]) {
        await call.say(line);
        await call.speaking();
        await call.wait(400);
      }
      await call.say(number);
      await agree(call, "cuts into every question");
      await call.tell("No thanks");
      await call.over();
    },
  },
  "says nothing": { act: async (call) => void (await call.over(90_000)) },
  "makes noises": {
    async act(call) {
      await call.turn();
      for (const noise of [cough(), thump(), tone(2_000, [440]), keyTones("159#"), hiss(2_500), holdMusic(8_000)]) {
        await call.play(noise);
        await call.wait(1_200);
      }
      await call.tell(wish);
      await call.speaking();
      call.hangUp();
    },
  },
  "says the number in pieces, then corrects the day": {
    async act(call) {
      await call.tell(wish, `${first.name} please`, "eleven o'clock please", name);
      for (const piece of ["oh seven seven double oh", "nine hundred", "one two three"]) {
        await call.turn(1_200);
        await call.say(piece);
      }
      await call.tell(`no, ${second.name}`);
      await agree(call, "says the number in pieces, then corrects the day");
      await call.tell("No thanks");
      await call.over();
    },
  },
  "presses keys": {
    async act(call) {
      await call.tell(wish, `${first.name} please`, "twelve o'clock please", name);
      await call.turn();
      await call.press("07700900123#");
      await call.turn();
      await call.press("1");
      await call.turn();
      await call.press("2");
      await call.over();
    },
  },
  "is on a line that loses 5 % and delays by up to 50 ms": {
    line: { lossShare: 0.05, jitterMs: 50 },
    async act(call) {
      await call.tell(wish, `${first.name} please`, "half past three please", name, number);
      await agree(call, "is on a line that loses 5 % and delays by up to 50 ms");
      await call.tell("No thanks");
      await call.over();
    },
  },
  "wants the time that another wants": {
    async act(call) {
      await call.tell(...rival, name, number);
      await confirmTogether(call);
      await call.turn();
      call.hangUp();
    },
  },
  "wants it too": {
    async act(call) {
      await call.tell(...rival, "My name is David Brown", number);
      await confirmTogether(call);
      await call.turn();
      call.hangUp();
    },
  },
  "hangs up in the disclosure": {
    async act(call) {
      await call.speaking();
      await call.say(wish);
      call.hangUp();
    },
  },
  "hangs up at the read-back": {
    async act(call) {
      await call.tell(wish, `${second.name} please`, "half past one please", name, number);
      await call.speaking();
      call.hangUp();
    },
  },
};

/** Listens to the read-back as a person would: a name that was heard wrongly is said again before anything is agreed to. */
async function agree(call: DifficultCall, title: string): Promise<void> {
  await call.turn();
  if (nameOf(title) !== "James Wilson") {
    await call.say("no, my name is James Wilson");
    await call.turn();
  }
  await call.say("Yes, that's correct");
}

/** The name that the agent read back to the caller of this title. */
const nameOf = (title: string) => names.get(callOf.get(`+44${numberOf(title).slice(1)}`) ?? "");

/** Call by number of the caller, and name by call. */
const callOf = new Map<string, string>();
const names = new Map<string, string | undefined>();

/** When the last sound of the emergency had been sent. */
let saidAt = 0;
let answeredAt = 0;
let waiting: (() => void) | undefined;

/** Both have heard their read-back: then both say yes at once. */
async function confirmTogether(call: DifficultCall): Promise<void> {
  await call.turn();
  if (waiting) waiting();
  else await new Promise<void>((resolve) => (waiting = resolve));
  await call.say("Yes please");
}

const titles = Object.keys(plots);
const numberOf = (title: string) => `0770090${String(1_000 + titles.indexOf(title))}`;
const failures = new Map<string, unknown>();
const calls = new Map<string, Call>();
const emergencies: string[] = [];
let all: Call[];
let viewings: Viewing[];
let appliance: Appliance;

async function follow(): Promise<void> {
  for await (const line of askLines(appliance.folders.data, "/follow")) {
    const event = JSON.parse(line) as LiveEvent;
    if (event.kind === "identified" && event.caller !== null) callOf.set(event.caller, event.callId);
    if (event.kind === "turn") names.set(event.callId, event.slots.name);
    if (event.kind !== "turn" || !event.said.includes("Leave now")) continue;
    answeredAt ||= performance.now();
    emergencies.push(event.said);
  }
}

beforeAll(async () => {
  appliance = await startAppliance({ set: ["sip.maxCalls=12"] });
  const mouth = await createMouth("gmw/en");
  follow().catch(() => undefined); // it ends with the appliance
  // The rivals first: they wait for one another.
  const queue = titles.toSorted((a, b) => Number(b.startsWith("wants")) - Number(a.startsWith("wants")));
  const work = async () => {
    for (let title = queue.shift(); title !== undefined; title = queue.shift()) {
      const plot = plots[title];
      try {
        const call = await ring({
          ...appliance.sip,
          from: numberOf(title),
          mouth,
          ...(plot?.line ? { line: plot.line } : {}),
        });
        await plot?.act(call);
      } catch (error) {
        failures.set(title, error);
      }
    }
  };
  await Promise.all(Array.from({ length: atATime }, work));
  await until("all calls closed", async () => (await appliance.cli<Call[]>("calls", "list")).every((c) => c.outcome));
  all = await appliance.cli<Call[]>("calls", "list");
  for (const { id, caller } of all) {
    const title = titles.find((one) => caller === `+44${numberOf(one).slice(1)}`);
    if (title) calls.set(title, await appliance.cli<Call>("calls", "show", id));
  }
  viewings = await appliance.cli<Viewing[]>("viewings", "list");
}, 170_000);

afterAll(async () => {
  await appliance.stop();
  removeFolders(appliance.folders);
});

const heardBy = (title: string): string[] => (calls.get(title)?.turns ?? []).map(({ heard }) => heard).filter(Boolean);
const saidTo = (title: string): string[] => (calls.get(title)?.turns ?? []).map(({ said }) => said);
const bookedAt = (start: string) => viewings.filter((viewing) => viewing.start === start);

/** Everybody in it is invented. */
function expectBooked(title: string, start: string): void {
  const turns = calls.get(title)?.turns.map(({ heard, said }) => `${heard} | ${said}`);
  const found = bookedAt(start).map(({ property, name: who, phone }) => ({ property, who, phone }));
  expect({ title, found, turns: found.length === 1 ? [] : turns }).toEqual({
    title,
    found: [{ property: "14 Maple Road", who: "James Wilson", phone: "+447700900123" }],
    turns: [],
  });
  expect(calls.get(title)?.outcome).toBe("booked");
  expect(saidTo(title).at(-1)).toContain("Goodbye");
}

test("no call was left hanging", () => {
  expect([...failures]).toEqual([]);
  expect(all).toHaveLength(titles.length);
});

test("every call that was disclosed keeps the disclosure's words first, and nothing heard before them", () => {
  for (const [title, { turns }] of calls) {
    expect({ title, said: turns[0]?.said.slice(0, 5), heard: turns[0]?.heard }).toEqual({
      title,
      said: "Hello",
      heard: "",
    });
  }
});

describe("gas, shouted into the disclosure", () => {
  test("is answered within two seconds, in the fixed words, and the call ends after them", () => {
    console.info(`an emergency is answered ${(answeredAt - saidAt).toFixed(0)} ms after its last word`);
    expect(answeredAt - saidAt).toBeLessThan(2_000);
    expect(emergencies[0]).toEndWith(
      "Leave now, opening doors and windows on your way if you can. No flames, no switches. Once outside, ring 0800 111 999. Please hang up and go.",
    );
    expect(all.filter(({ outcome }) => outcome === "emergency")).toHaveLength(1);
  });

  test("nothing of that caller is kept, nor of one who hangs up in the disclosure", () => {
    for (const title of ["gas, into the disclosure", "hangs up in the disclosure"])
      expect(calls.has(title)).toBe(false);
    expect(all.filter(({ caller }) => caller === null)).toHaveLength(2);
  });
});

test("noises are no turns, and words after them are", () => {
  expect(heardBy("makes noises")).toEqual(["I'd like to view 14 Maple Road please."]);
});

test("silence is asked about three times, then the call ends with a goodbye", () => {
  expect(saidTo("says nothing")).toHaveLength(5);
  expect(saidTo("says nothing").at(-1)).toContain("Goodbye");
  expect(heardBy("says nothing")).toEqual([]);
});

test.each([
  ["cuts into every question", `${first.date}T10:00`],
  ["says the number in pieces, then corrects the day", `${second.date}T11:00`],
  ["presses keys", `${first.date}T12:00`],
  ["is on a line that loses 5 % and delays by up to 50 ms", `${first.date}T15:30`],
])("who %s books what was meant", expectBooked);

test("of two who say yes at the same moment one has it, and the other is told so", () => {
  const answers = ["wants the time that another wants", "wants it too"].map((title) => saidTo(title).join(" "));
  expect(answers.filter((said) => said.includes("That's booked"))).toHaveLength(1);
  expect(answers.filter((said) => said.includes("that time has just been taken. I could do"))).toHaveLength(1);
  expect(viewings.filter(({ property }) => property === "7 Castle Street")).toHaveLength(1);
});

test("who hangs up at the read-back has booked nothing", () => {
  expect(calls.get("hangs up at the read-back")?.outcome).toBe("abandoned");
  expect(bookedAt(`${second.date}T13:30`)).toEqual([]);
  expect(viewings).toHaveLength(5);
});
