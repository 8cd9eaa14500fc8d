/** The rules of the pages: how values are written, what the stream of events makes, where a viewing lies. */
import { describe, expect, test } from "bun:test";
import type { LiveEvent } from "../../src/calls/ports.ts";
import { hoursShown, minutesOf, placeSideBySide } from "../../src/web/ui/diary-layout.ts";
import {
  addDays,
  clockOfInstant,
  dayOfInstant,
  duration,
  initials,
  mondayOf,
  namedDay,
  phone,
  price,
  shortDay,
  withTimes,
} from "../../src/web/ui/format.ts";
import { fromSnapshot, type LiveState, noCalls, slotsShown, withEvent } from "../../src/web/ui/live-calls.ts";
import { transferOf } from "../../src/web/ui/words.ts";

describe("values as people write them", () => {
  test.each([
    ["+447700900123", "07700 900123"],
    ["+442079460018", "020 7946 0018"],
    ["+441614960100", "0161 496 0100"],
    ["+441134960100", "0113 496 0100"],
    ["+441632960100", "01632 960100"],
    ["+443030000000", "0303 000 0000"],
    ["+448001111999", "0800 111 1999"],
    ["+33142685300", "+33142685300"],
    ["anonymous", "anonymous"],
  ])("%s is %s", (number, written) => expect(phone(number)).toBe(written));

  test("instants are told by the office clock, in winter and in summer", () => {
    expect(clockOfInstant("2026-01-15T10:05:00Z")).toBe("10:05");
    expect(clockOfInstant("2026-07-15T10:05:00Z")).toBe("11:05");
    expect(dayOfInstant("2026-07-15T23:30:00Z")).toBe("2026-07-16");
  });

  test("days have names near today, over the ends of months and clock changes", () => {
    expect(namedDay("2026-11-24", "2026-11-24")).toBe("Today");
    expect(namedDay("2026-11-30", "2026-12-01")).toBe("Yesterday");
    expect(namedDay("2026-10-26", "2026-10-25")).toBe("Tomorrow");
    expect(namedDay("2026-11-19", "2026-11-24")).toBe("Thursday 19 November");
    expect(namedDay("2025-12-31", "2026-11-24")).toBe("Wednesday 31 December 2025");
    expect(shortDay("2026-11-26")).toBe("Thu 26 Nov");
    expect([mondayOf("2026-11-22"), mondayOf("2026-11-23"), addDays("2026-02-28", 1)]).toEqual([
      "2026-11-16",
      "2026-11-23",
      "2026-03-01",
    ]);
  });

  test("times within a text are written out, all else is left", () => {
    expect(withTimes("The viewing at 2026-11-25T10:30, ref 2026-11: ask.")).toBe(
      "The viewing at Wed 25 Nov, 10:30, ref 2026-11: ask.",
    );
  });

  test("durations, prices, initials", () => {
    expect([duration(0), duration(59.9), duration(60), duration(3_725), duration(-5)]).toEqual([
      "0:00",
      "0:59",
      "1:00",
      "1:02:05",
      "0:00",
    ]);
    expect([price({ price: 395_000, kind: "sale" }), price({ price: 1_250, kind: "let" })]).toEqual([
      "£395,000",
      "£1,250 pcm",
    ]);
    expect([initials("Beth Shaw"), initials("Nisha"), initials("Jan van der Berg"), initials("")]).toEqual([
      "BS",
      "N",
      "JB",
      "",
    ]);
  });
});

describe("live calls", () => {
  const at = "2026-11-24T10:05:00.000Z";
  const started = (callId: string): LiveEvent => ({ kind: "started", callId, line: "0300", at });
  const turn = (callId: string, n: number, heard: string): LiveEvent => ({
    kind: "turn",
    callId,
    n,
    heard,
    said: "",
    asks: "date",
    slots: { property: "p" },
  });
  const ended = (callId: string, minute: number): LiveEvent => ({
    kind: "ended",
    callId,
    at: `2026-11-24T10:${minute}:00.000Z`,
    outcome: "booked",
  });
  const run = (...events: LiveEvent[]): LiveState => events.reduce(withEvent, noCalls);

  test("a caption gives way to the turn, and a turn told twice is kept once", () => {
    const { calls } = run(
      started("a"),
      { kind: "caption", callId: "a", text: "so" },
      turn("a", 2, "x"),
      turn("a", 1, "w"),
      turn("a", 2, "y"),
    );
    expect(calls[0]).toMatchObject({ caption: null, asks: "date", slots: { property: "p" } });
    expect(calls[0]?.turns.map(({ heard }) => heard)).toEqual(["w", "y"]);
  });

  test("how far a transfer is, as the newest of its events says", () => {
    const transfer = (state: "ringing" | "failed"): LiveEvent => ({
      kind: "transfer",
      callId: "a",
      person: "Beth Carter",
      state,
    });
    expect(run(started("a")).calls[0]?.transfer).toBeNull();
    expect(run(started("a"), transfer("ringing")).calls[0]?.transfer).toEqual({
      person: "Beth Carter",
      state: "ringing",
    });
    const { calls } = run(started("a"), transfer("ringing"), transfer("failed"));
    expect(transferOf(calls[0]?.transfer?.state ?? "ringing", "Beth Carter").label).toBe("Beth Carter not reached");
  });

  test("what was booked stays in view when the receptionist begins anew, until another viewing is spoken of", () => {
    const viewing = { property: "p", date: "2026-11-26", time: "10:30", name: "Robin Hart", phone: "+447700900123" };
    const { name, phone: number } = viewing;
    const heard = (n: number, slots: Record<string, string>): LiveEvent => ({ ...turnOf(n), slots });
    const turnOf = (n: number) => ({ kind: "turn" as const, callId: "a", n, heard: "x", said: "", asks: null });
    const booked: LiveEvent = { kind: "booked", callId: "a", viewingId: "v" };
    const shown = (...events: LiveEvent[]) => {
      const [call] = run(started("a"), ...events).calls;
      return call && slotsShown(call);
    };
    expect(shown(heard(1, viewing), heard(2, { name, phone: number }))).toEqual({ name, phone: number });
    expect(shown(heard(1, viewing), booked, heard(2, { name, phone: number }))).toEqual(viewing);
    // A page opened later gets the turns first.
    expect(shown(heard(1, viewing), heard(2, { name, phone: number }), booked)).toEqual(viewing);
    const another = { property: "q", name, phone: number };
    expect(shown(heard(1, viewing), booked, heard(2, another))).toEqual(another);
  });

  test("events of a call that is not known change nothing", () => {
    expect(run(turn("b", 1, "x"), ended("b", 10))).toEqual(noCalls);
  });

  test("a snapshot puts everything anew, but calls that ended in view stay", () => {
    const before = run(started("a"), started("b"), ended("a", 10));
    const after = fromSnapshot(before, [started("c")]);
    expect(after.calls.map(({ id }) => id)).toEqual(["c", "a"]);
  });

  test("four ended calls stay in view, the latest", () => {
    const events = ["a", "b", "c", "d", "e"].flatMap((id, n) => [started(id), ended(id, 10 + n)]);
    expect(
      run(...events)
        .calls.map(({ id }) => id)
        .sort(),
    ).toEqual(["b", "c", "d", "e"]);
  });
});

describe("the diary", () => {
  const at = (start: string, minutes = 30) => ({ start: `2026-11-24T${start}`, minutes });

  test("what overlaps lies side by side, what only touches does not", () => {
    const lanes = (...items: ReturnType<typeof at>[]) =>
      placeSideBySide(items).map(({ lane, lanes: of }) => `${lane + 1}/${of}`);
    expect(lanes(at("09:00"), at("09:30"))).toEqual(["1/1", "1/1"]);
    expect(lanes(at("09:00"), at("09:15"), at("09:30"))).toEqual(["1/2", "2/2", "1/2"]);
    expect(lanes(at("09:00"), at("09:00"), at("09:00"), at("11:00"))).toEqual(["1/3", "2/3", "3/3", "1/1"]);
  });

  test("the hours shown hold opening times and every viewing", () => {
    const days = [
      { day: "2026-11-24", open: ["09:30", "17:30"] as [string, string] },
      { day: "2026-11-29", open: null },
    ];
    expect(hoursShown({ days, viewings: [] })).toEqual({ from: 540, until: 1080 });
    expect(hoursShown({ days: [], viewings: [at("07:45"), at("19:00")] as never })).toEqual({ from: 420, until: 1200 });
    expect([minutesOf("09:05"), minutesOf("2026-11-24T23:55")]).toEqual([545, 1435]);
  });
});
