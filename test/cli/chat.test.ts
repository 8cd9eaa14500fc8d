import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseScript, readerOf } from "../../src/cli/chat/script.ts";

const seed = {
  agency: { name: "Larkspur Lettings", jurisdiction: "england-and-wales", travelMinutes: 15 },
  branches: [
    {
      id: "b1",
      name: "Chorlton",
      address: "1 High Street",
      hours: { mon: ["09:00", "18:00"], tue: ["09:00", "18:00"], sat: ["09:00", "17:00"], sun: null },
      closed: ["2026-12-25"],
    },
  ],
  staff: [
    {
      id: "tom",
      name: "Tom Reed",
      department: "sales",
      extension: "201",
      answers: false,
      rota: { sat: ["09:00", "17:00"] },
    },
    { id: "beth", name: "Beth Shaw", department: "lettings", extension: "202", answers: true },
  ],
  properties: [{ id: "p1", address: "14 Larkspur Avenue", postcode: "M21 4WB", kind: "sale", price: 395_000, beds: 3 }],
  contacts: [{ id: "c1", name: "Ian Frost", phone: "+447700900512", roles: [{ role: "tenant", property: "p1" }] }],
};
const now = "2026-11-24T10:05:00Z";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "gatehouse-script-"));
  writeFileSync(join(folder, "seed.json"), JSON.stringify(seed));
});
afterAll(() => rmSync(folder, { recursive: true }));

type Told = Record<string, unknown> & { type: string };

function chat(script: string, ...args: string[]) {
  const file = join(folder, "script.txt");
  writeFileSync(file, script);
  const program = [process.execPath, join(import.meta.dir, "../../src/gatehouse.ts"), "chat"];
  const command = [...program, "--script", file, "--seed", join(folder, "seed.json"), "--now", now, "--json", ...args];
  const { stdout, stderr, exitCode } = Bun.spawnSync(command, { env: { ...process.env, TMPDIR: folder } });
  const text = stdout.toString().trim();
  const told: Told[] = text === "" ? [] : text.split("\n").map((line) => JSON.parse(line));
  return {
    told,
    end: told.at(-1),
    rows: told.filter(({ type }) => type === "row"),
    error: stderr.toString(),
    exitCode,
  };
}

const booking = `{"call":{"from":"+447700900512","to":"200"}}
{"when":"anything-else","say":"no thank you"}
{"when":["name"],"nbest":[["My name is Ian Frost",-0.3],["My name is Ian Foster",-2]]}
{"when":["phone"],"times":3,"say":"07700 900 512"}
{"when":"confirm","say":"yes please"}
{"when":"date","say":"Saturday"}
{"when":"time","keys":"1100#"}
{"when":"time","say":"eleven o'clock"}
I'd like to view 14 Larkspur Avenue please
`;

describe("a call that books", () => {
  test("tells turns, the row and the end as the contract has them", () => {
    const { told, rows, end, exitCode } = chat(booking);
    expect(told[0]).toMatchObject({ type: "turn", n: 0, heard: "", asks: null, slots: {} });
    expect(told.filter(({ type }) => type === "turn").map(({ n }) => n)).toEqual([...Array(told.length - 2).keys()]);
    expect(rows).toEqual([
      {
        type: "row",
        table: "viewing",
        op: "insert",
        before: null,
        after: {
          id: expect.any(String),
          property: "p1",
          contact: "c1", // known by name and number
          start: "2026-11-28T11:00",
          minutes: 30,
          staff: "tom",
          status: "booked",
          awaiting: null,
        },
      },
    ]);
    const confirm = told.find(({ asks }) => asks === "confirm");
    expect(confirm?.slots).toMatchObject({ time: { value: "11:00", certainty: expect.any(Number), confirmed: false } });
    expect(end).toEqual({
      type: "end",
      by: "gatehouse",
      outcome: "booked",
      emergency: null,
      recording: "on",
      transfer: null,
      answered: [],
      unanswered: [],
    });
    expect(exitCode).toBe(0);
  }, 20_000);

  test("nothing of it is left on the disk, and what was not confirmed is not booked", () => {
    const { rows, end } = chat(booking.replace("yes please", "").replace('{"when":"confirm","say":""}\n', ""));
    expect(rows).toEqual([]);
    expect(end).toMatchObject({ by: "caller", outcome: "abandoned" });
    expect(readdirSync(folder).filter((name) => name.startsWith("gatehouse-chat-"))).toEqual([]);
  }, 20_000);
});

test("people: who answers takes the call, who does not leaves it with the receptionist", () => {
  expect(chat("Can I speak to Beth please").end).toMatchObject({
    outcome: "transferred",
    transfer: { to: "beth", answered: true },
  });
  expect(chat("Can I speak to Tom please").end).toMatchObject({
    by: "caller",
    transfer: { to: "tom", answered: false },
  });
}, 20_000);

test("an emergency, silences until the line is given up, hanging up", () => {
  expect(chat("I can smell gas").end).toMatchObject({ outcome: "emergency", emergency: "gas" });
  const silent = chat('{"silence":true,"times":20}');
  expect(silent.end).toMatchObject({ by: "gatehouse", outcome: "nothing" });
  expect(silent.told.length).toBeLessThan(10);
  expect(chat('{"hangup":true}\nhello').end).toMatchObject({ by: "caller", outcome: "abandoned" });
}, 30_000);

test.each([
  ['hello\n{"sat":1}', "Line 2: expected one of say"],
  ['{"say":3}', 'Line 1, "say"'],
  ['{"say":"x","times":0}', 'Line 1, "times"'],
  ['{"nbest":[["x"]]}', 'Line 1, "nbest.0'],
  ['{"keys":"12x"}', 'Line 1, "keys"'],
  ['hello\n{"call":{}}', 'Line 2, "call"'],
  ['{"say":"x","whenever":"y"}', "Line 1"],
])("%s: the error names line and field", (script, message) => {
  expect(() => parseScript(script)).toThrow(message);
});

test("an error in the script or the time ends the command with 2 and says where", () => {
  const { error, exitCode } = chat('hello\n{"sat":1}');
  expect([error, exitCode]).toEqual([expect.stringContaining("Line 2"), 2]);
  expect(chat("hello", "--now", "yesterday").error).toContain("--now yesterday");
}, 20_000);

describe("which line comes next", () => {
  test("the first that is left and fits what was asked", () => {
    const { lines } = parseScript('{"when":["phone","name"],"times":2,"say":"a"}\nb\n{"when":null,"say":"c"}\nd');
    const reader = readerOf(lines);
    const said = (asked: string | null) => {
      const move = reader.next(asked);
      return move?.kind === "say" ? move.heard.text : move?.kind;
    };
    expect(["date", "phone", null, "name", "phone", null].map(said)).toEqual(["b", "a", "c", "a", "d", undefined]);
  });

  test("an empty line is a silence, the file's last line end is none", () => {
    expect(parseScript("a\n\nb\n").lines.map(({ move }) => move.kind)).toEqual(["say", "silence", "say"]);
  });
});
