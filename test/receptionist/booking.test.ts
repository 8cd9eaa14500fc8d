import { describe, expect, test } from "bun:test";
import { memoryView } from "./memory-view.ts";
import { atReadBack, booked, call, message, outcome } from "./scripted-caller.ts";

const WANTED = { propertyId: "p1", start: "2026-11-28T14:30", name: "Sarah Patel", phone: "+447700900123" };

describe("a viewing", () => {
  test("is booked item by item, called booked only after the desk's answer", () => {
    const caller = atReadBack();
    expect(caller.said.join(" ")).toBe(
      "So that's 14 Maple Road, Saturday the 28th of November at half past two, for Sarah Patel, on 07700 900 123. Shall I book that?",
    );
    expect(caller.state.asks).toBe("confirm");
    expect(caller.say("Yes please.")).toContain(
      "That's booked: 14 Maple Road, Saturday the 28th of November at half past two.",
    );
    expect(booked(caller)).toEqual(WANTED);
    expect(caller.state.asks).toBe("anything-else");
    expect(caller.say("No, that's everything. Thank you.")).toContain("Goodbye");
    expect(outcome(caller)).toBe("booked");
  });

  test("is asked for property, date, time, name and phone in this order", () => {
    const caller = call();
    const asked: unknown[] = [];
    for (const line of ["I'd like a viewing", "14 Maple Road", "Saturday", "half two", "Sarah Patel", "07700 900123"]) {
      caller.say(line);
      asked.push(caller.state.asks);
    }
    expect(asked).toEqual(["property", "date", "time", "name", "phone", "confirm"]);
  });

  test("takes everything in one breath", () => {
    const caller = call();
    caller.say(
      "I'd like to view 14 Maple Road on Saturday at half past two, my name is Sarah Patel and my number is oh seven seven double oh nine hundred one two three",
    );
    expect(caller.state.asks).toBe("confirm");
    caller.say("yeah that's right");
    expect(booked(caller)).toEqual(WANTED);
  });

  test("takes items in any order", () => {
    const caller = call();
    caller.say("Hello, it's Sarah Patel here, can I come and see a house on Saturday?");
    caller.say("half past two if I can, it's the one on Maple Road");
    caller.say("07700 900123");
    caller.say("yes");
    expect(booked(caller)).toEqual(WANTED);
  });

  test("whose owner must agree is booked subject to that", () => {
    const owner = atReadBack({ awaiting: "vendor" });
    expect(owner.say("yes")).toContain("booked, subject to the owner confirming");
    const tenant = atReadBack({ awaiting: "tenant" });
    expect(tenant.say("yes")).toContain("booked, subject to the tenant confirming");
  });

  test("ends at once when the caller says goodbye with the yes", () => {
    const caller = atReadBack();
    caller.say("Yes please, bye.");
    expect(booked(caller)).toEqual(WANTED);
    expect(outcome(caller)).toBe("booked");
  });

  test("a second one keeps the caller's name and number", () => {
    const caller = atReadBack();
    caller.say("yes");
    caller.say("Yes, I'd also like to see 22 Victoria Road on Saturday at ten");
    expect(caller.state.asks).toBe("confirm");
    caller.say("yes");
    expect(booked(caller)).toEqual({ ...WANTED, propertyId: "p4", start: "2026-11-28T10:00" });
  });
});

describe("a correction at the read-back", () => {
  const cases: [string, Partial<typeof WANTED>][] = [
    ["No, Thursday.", { start: "2026-11-26T14:30" }],
    ["no, at three", { start: "2026-11-28T15:00" }],
    ["Yes but make it 11 o'clock.", { start: "2026-11-28T11:00" }],
    ["no, the name is Clarke", { name: "Clarke" }],
    ["no, it's Sophie Clarke", { name: "Sophie Clarke" }],
    ["No, Sophie Clarke.", { name: "Sophie Clarke" }],
    ["no, the number is 07700 900456", { phone: "+447700900456" }],
    ["no, four five six", { phone: "+447700900456" }],
    ["no, it ends 871", { phone: "+447700900871" }],
    ["No, it's 22 Victoria Road.", { propertyId: "p4" }],
    ["the time's wrong, I said three", { start: "2026-11-28T15:00" }],
    ["can you change the name to Sara Patel", { name: "Sara Patel" }],
    ["no, Thursday at ten", { start: "2026-11-26T10:00" }],
  ];
  for (const [line, changed] of cases) {
    test(`"${line}" changes that and nothing else`, () => {
      const caller = atReadBack();
      caller.say(line);
      expect(booked(caller)).toBeUndefined();
      expect(caller.state.asks).toBe("confirm");
      caller.say("yes");
      expect(booked(caller)).toEqual({ ...WANTED, ...changed });
    });
  }

  test("of an item by name asks for that item", () => {
    const caller = atReadBack();
    caller.say("change the time please");
    expect(caller.state.asks).toBe("time");
    caller.say("three");
    caller.say("yes");
    expect(booked(caller)).toEqual({ ...WANTED, start: "2026-11-28T15:00" });
  });

  test("after a bare no asks which part", () => {
    const caller = atReadBack();
    expect(caller.say("no")).toContain("Which part");
    expect(caller.state.asks).toBe("choice");
    caller.say("the name");
    caller.say("Lucy Evans");
    caller.say("yes");
    expect(booked(caller)).toEqual({ ...WANTED, name: "Lucy Evans" });
  });

  test("a day said again is not a correction", () => {
    const caller = atReadBack();
    caller.say("Yes, Saturday at half past two.");
    expect(booked(caller)).toEqual(WANTED);
  });

  test.each([
    ["No, my name is Sarah Patel.", "Sarah Patel"],
    ["no, half past two", "alf past two"],
    ["no, it's 14 Maple Road", "14 Maple Road"],
  ])("%s: what we have already is read back, not asked for again", (line, words) => {
    const caller = atReadBack();
    expect(caller.say(line)).toContain(words);
    expect(caller.state.asks).toBe("confirm");
    expect(booked(caller)).toBeUndefined();
    caller.say("yes");
    expect(booked(caller)).toEqual(WANTED);
  });

  test.each(["no, not Saturday", "no, the name is wrong", "no, that isn't half past two"])(
    "%s: is not read back",
    (line) => {
      const caller = atReadBack();
      caller.say(line);
      expect(booked(caller)).toBeUndefined();
      expect(caller.state.asks).not.toBe("confirm");
    },
  );

  test("'no, that's fine' is neither booked nor dropped", () => {
    const caller = atReadBack();
    expect(caller.say("no, that's fine")).toContain("yes or a no");
    expect(booked(caller)).toBeUndefined();
  });
});

describe("a time that is not free", () => {
  test("is answered with the nearest that are", () => {
    const caller = call({ view: memoryView(["2026-11-28T11:00"]) });
    caller.say("I want to view 14 Maple Road on Saturday at 11 o'clock");
    expect(caller.said.join(" ")).toContain("11 o'clock isn't free. I could do half past ten or half past eleven");
    expect(caller.state.asks).toBe("choice");
    caller.say("half past eleven");
    expect(caller.state.slots.time?.value).toBe("11:30");
    expect(caller.state.asks).toBe("name");
  });

  for (const [line, time] of [
    ["the first one", "10:30"],
    ["the later one please", "11:30"],
    ["ten", "10:00"],
    ["the second", "11:30"],
  ] as const) {
    test(`"${line}" chooses ${time}`, () => {
      const caller = call({ view: memoryView(["2026-11-28T11:00"]) });
      caller.say("I want to view 14 Maple Road on Saturday at 11 o'clock");
      caller.say(line);
      expect(caller.state.slots.time?.value).toBe(time);
    });
  }

  test("taken between read-back and booking is said to be taken, others are offered, nothing is called booked", () => {
    const caller = atReadBack({ refuse: (nth) => (nth === 0 ? "conflict" : undefined) });
    caller.view.taken.add("2026-11-28T14:30");
    const answer = caller.say("yes");
    expect(answer).toContain("just been taken");
    expect(answer).not.toContain("booked");
    caller.say("the first one");
    caller.say("yes");
    expect(booked(caller)).toEqual({ ...WANTED, start: "2026-11-28T14:00" });
  });

  test("outside opening hours names them", () => {
    const caller = call();
    caller.say("14 Maple Road on Saturday at 6pm");
    expect(caller.said.join(" ")).toContain("between 9 o'clock and half past three");
    expect(caller.state.asks).toBe("choice");
  });

  test("a full day leads to another day", () => {
    const all = Array.from(
      { length: 16 },
      (_, n) => `2026-11-28T${String(9 + Math.floor(n / 2)).padStart(2, "0")}:${n % 2 ? "30" : "00"}`,
    );
    const caller = call({ view: memoryView(all) });
    caller.say("14 Maple Road on Saturday at eleven");
    expect(caller.said.join(" ")).toContain("nothing free on Saturday");
    expect(caller.state.asks).toBe("date");
  });
});

describe("a day", () => {
  test("on which the office is closed is refused with the date", () => {
    const caller = call();
    caller.say("a viewing at 14 Maple Road on Sunday");
    expect(caller.said.join(" ")).toContain("closed on Sunday the 29th of November");
    expect(caller.state.asks).toBe("date");
  });

  test("that may be one of two is asked about", () => {
    const caller = call();
    caller.say("a viewing at 14 Maple Road next Thursday at ten");
    expect(caller.said.join(" ")).toContain("Thursday the 26th of November or Thursday the 3rd of December");
    caller.say("the 3rd");
    expect(caller.state.slots.date?.value).toBe("2026-12-03");
    expect(caller.state.slots.time?.value).toBe("10:00");
  });

  test("of next week is looked for there", () => {
    const caller = call();
    caller.say("a viewing at 14 Maple Road some time next week");
    expect(caller.state.asks).toBe("date");
    caller.say("Wednesday");
    expect(caller.state.slots.date?.value).toBe("2026-12-02");
  });

  test("left to us is the first with a free time", () => {
    const caller = call();
    caller.say("I'd like to view 14 Maple Road as soon as possible");
    expect(caller.state.slots.date?.value).toBe("2026-11-24");
    expect(caller.state.slots.time?.value).toBe("10:10");
    expect(caller.state.asks).toBe("name");
  });
});

describe("a range of times", () => {
  for (const [line, time] of [
    ["after two", "14:00"],
    ["in the afternoon", "12:00"],
    ["first thing", "09:00"],
    ["between three and four", "15:00"],
    ["last thing", "15:30"],
  ] as const) {
    test(`"${line}" proposes ${time}`, () => {
      const caller = call();
      caller.say("14 Maple Road on Saturday");
      caller.say(line);
      expect(caller.state.slots.time?.value).toBe(time);
      expect(caller.state.asks).toBe("name");
    });
  }
});

describe("a property", () => {
  test("that fits several is asked about", () => {
    const caller = call();
    caller.say("I'd like to view the house on Castle Street");
    expect(caller.said.join(" ")).toContain("7 Castle Street or 12 Castle Street");
    caller.say("number 12");
    expect(caller.state.slots.property?.value).toBe("p3");
  });

  test("heard badly is asked about before it is taken", () => {
    const caller = call();
    caller.say("I'd like to book a viewing for 7 Scott Street please.");
    expect(caller.said.join(" ")).toBe("Did you mean 7 Castle Street?");
    expect(caller.state.asks).toBe("confirm");
    caller.say("Yes.");
    expect(caller.state.slots.property?.value).toBe("p2");
  });

  test("that is not ours is said not to be", () => {
    const caller = call();
    caller.say("I'd like to see 99 Willow Crescent");
    expect(caller.said.join(" ")).toContain("can't find that address");
    expect(caller.state.asks).toBe("property");
  });

  for (const [line, status] of [
    ["9 Station Road", "under offer"],
    ["41 Mill Lane", "already let"],
  ] as const) {
    test(`that is ${status} gets no viewing but a message`, () => {
      const caller = call();
      expect(caller.say(`Can I view ${line} on Saturday at ten`)).toContain(status);
      caller.say("yes please");
      caller.say("Sarah Patel");
      caller.say("07700 900123");
      caller.say("yes");
      expect(message(caller)).toMatchObject({ name: "Sarah Patel", phone: "+447700900123" });
      expect(message(caller)?.about).toContain(line);
    });
  }
});

for (const line of ["Lovely, thank you.", "Perfect.", "no thanks", "Thank you, goodbye.", "That's all."]) {
  test(`"${line}" after the booking ends the call`, () => {
    const caller = atReadBack();
    caller.say("yes");
    expect(caller.say(line)).toContain("Goodbye");
    expect(outcome(caller)).toBe("booked");
  });
}

test("a number in pieces over turns", () => {
  const caller = call();
  caller.say("14 Maple Road Saturday at half past two, my name is Sarah Patel");
  expect(caller.state.asks).toBe("phone");
  caller.say("oh seven seven double oh");
  expect(caller.state.asks).toBe("phone");
  caller.say("nine hundred");
  expect(caller.say("one two three")).toContain("07700 900 123");
});

test("storage that fails is told, and a message taken instead", () => {
  const caller = atReadBack({ refuse: () => "storage_failed" });
  expect(caller.say("yes")).toContain("nothing is booked");
  expect(caller.state.asks).toBe("confirm"); // name, number and matter are known
  caller.say("yes");
  expect(message(caller)?.about).toContain("14 Maple Road on Saturday the 28th of November at half past two");
});

test("n-best: a listing in a lower reading beats none in the best", () => {
  const caller = call();
  caller.say("I'd like to view fourteen may pull rude", "I'd like to view 14 Maple Road");
  expect(caller.state.slots.property?.value).toBe("p1");
});
