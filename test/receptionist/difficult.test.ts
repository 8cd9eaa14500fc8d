/** Hostile and difficult callers, in text, against the real database: every call ends, and nothing false is said. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { type OfficeCall, openOffice } from "./office-caller.ts";

let office: ReturnType<typeof openOffice>;
beforeEach(() => {
  office = openOffice();
});
afterEach(() => office.close());

const rows = (table: "viewing" | "message" | "contact") =>
  office.records.store.db.prepare<[], Record<string, unknown>>(`SELECT * FROM ${table}`).all();

/** Somebody else has 14 Maple Road then, on that Saturday. */
function book(clock: string): void {
  const request = { propertyId: "maple-14", start: `2026-11-28T${clock}`, name: "Ann Other", phone: "+447700900999" };
  office.bookViewing({ ...request, callId: undefined }, { kind: "system" }, new Date("2026-11-24T10:05:00Z"));
}

const MAPLE = [
  "I'd like to book a viewing for 14 Maple Road please.",
  "Saturday.",
  "Half past two.",
  "My name is Sarah Patel.",
];
const WHOLE = [...MAPLE, "07700 900123."];

function after(...lines: string[]): OfficeCall {
  const call = office.call();
  for (const line of lines) call.say(line);
  return call;
}

/** The caller has one answer to everything. @returns how many times it was given. */
function insist(call: OfficeCall, turn: () => unknown): number {
  let turns = 0;
  while (!call.over && turns < 40) {
    turn();
    turns++;
  }
  return turns;
}

describe("a caller with one answer to everything comes to an end", () => {
  test.each(["Yes.", "No.", "flibble wobble nonsense", "Hello?", "speak to a person", "what?", "Okay.", "🏠", "7"])(
    "%p",
    (line) => {
      const call = office.call();
      const turns = insist(call, () => call.say(line));
      expect({ over: call.over, few: turns <= 38 }).toEqual({ over: true, few: true });
      expect(call.lines.at(-1)).toMatch(/goodbye/i);
      expect(rows("viewing")).toEqual([]);
    },
  );

  test("silence: four times, then a goodbye", () => {
    const call = office.call();
    expect(insist(call, call.silence)).toBe(4);
    expect(call.lines.at(-1)).toContain("Goodbye");
  });

  test.each(["1", "5", "*", "99999999999", "0"])("the key %p", (keys) => {
    const call = office.call();
    const turns = insist(call, () => call.keys(keys));
    expect({ over: call.over, few: turns <= 38 }).toEqual({ over: true, few: true });
    expect(call.lines.at(-1)).toMatch(/goodbye/i);
  });

  test("abuse is met with a calm word twice, then with the end", () => {
    const call = office.call();
    expect(insist(call, () => call.say("oh piss off"))).toBe(3);
    expect(call.lines.at(-1)).toContain("end the call now");
  });

  test("swearing with a wish in it is a wish", () => {
    expect(after("I want to see 14 bloody Maple Road you useless machine").state.slots.property?.value).toBe(
      "maple-14",
    );
    expect(office.call().say("I want to talk to a fucking human")).toContain("take a message");
  });
});

describe("yes to everything, once a viewing is read back", () => {
  test("books what was read back, once", () => {
    const call = after(...WHOLE);
    insist(call, () => call.say("Yes."));
    expect(rows("viewing")).toHaveLength(1);
    expect(call.lines.filter((line) => line.includes("That's booked"))).toHaveLength(1);
  });
});

describe("whoever hangs up has booked nothing that was not confirmed", () => {
  test.each(WHOLE.map((_, n) => n + 1))("after %d lines", (n) => {
    after(...WHOLE.slice(0, n));
    expect([rows("viewing"), rows("message"), rows("contact").length]).toEqual([[], [], 2]); // those of the demo
  });
});

test("two callers confirm the same time at the same moment: one has it, the other is offered another", () => {
  const [first, second] = [after(...WHOLE), after(...MAPLE.slice(0, 3), "It's Ian Hall.", "07700 900456.")];
  expect(first.say("yes")).toContain("That's booked");
  const answer = second.say("yes please");
  expect(answer).toContain("just been taken. I could do");
  expect(answer).not.toContain("booked");
  expect(rows("viewing")).toHaveLength(1);
  second.say("the first one");
  expect(second.say("yes")).toContain("That's booked");
  expect(rows("viewing").map((row) => row.starts_at ?? row.start).length).toBe(2);
});

describe("the result of a booking is heard", () => {
  /** Everything plays out but the words after the yes: the caller speaks into them. */
  test.each([
    [0.1, "That's booked"],
    [0.9, "Goodbye"],
  ] as const)("a thank-you after %p of it is answered with %p", (heardShare, expected) => {
    const call = after(...WHOLE);
    call.say("Yes, that's right.");
    call.cutLast(heardShare);
    expect(call.say("Thank you.")).toContain(expected);
  });
});

describe("an aside is not repeated with the question", () => {
  test.each(["pardon?", "sorry?", "what?", "can you repeat that", "say that again please"])("%p", (line) => {
    const call = after("I'd like to book a viewing", "flim flam", line);
    expect(call.lines.at(-1)).toBe("  G Could you give me the house number and the street?");
    expect(call.lines.filter((one) => one.includes("didn't catch"))).toHaveLength(1);
  });

  test("one question at a time: a prompt that asks is not followed by another", () => {
    const call = after(...MAPLE);
    expect(call.say("496 0725")).toBe("Could I have the area code as well, please? The whole number, from the zero.");
  });
});

describe("days and times that cannot be", () => {
  test("closed days are no failure to understand: four of them, then a day that can be", () => {
    const call = after("14 Maple Road", "Sunday", "Christmas Day", "Boxing Day");
    expect(call.say("the 28th of December")).toBe(
      "I'm afraid we're closed on Monday the 28th of December. Which other day would suit you?",
    );
    expect(call.say("Thursday")).toContain("What time would you like?");
  });

  test("only closed days: a message in the end", () => {
    const call = after("14 Maple Road");
    for (let n = 0; n < 6; n++) call.say("Sunday");
    expect(call.state.task).toBe("message");
  });

  test("out of hours names the hours and two times, the day only once", () => {
    expect(after("14 Maple Road", "Friday").say("nine in the evening")).toBe(
      "On Friday the 27th of November we can only come between 9 o'clock and half past five. I could do 5 o'clock or half past five. Which would you like?",
    );
  });

  test("one time left is asked about with a yes or no, a full day with another day", () => {
    for (const start of ["09:00", "09:45", "10:30", "11:15", "12:00", "12:45", "14:15", "15:00"]) book(start);
    const call = after("14 Maple Road", "Saturday");
    expect(call.say("half past two")).toMatch(/The nearest I have is .*\. Would that suit you\?$/);
    for (let n = 0; n < 20 && call.state.asks !== "date"; n++) {
      const [option] = call.state.phase.kind === "choose" ? call.state.phase.options : [];
      if (option === undefined) break;
      book(option.value);
      call.say("half past two");
    }
    expect(call.lines.slice(-2)).toEqual([
      "  G I'm afraid there's nothing free on Saturday the 28th of November.",
      "  G Which other day would suit you?",
    ]);
  });

  test("a name given instead of a choice keeps the choice", () => {
    after(...WHOLE, "yes");
    const call = after(...MAPLE.slice(0, 3));
    expect(call.say("My name is Ian Hall")).toMatch(/^Do you mean .* or .*\?$/);
    call.say("the second");
    expect(call.state.asks).toBe("phone");
    expect(call.state.slots.name?.value).toBe("Ian Hall");
  });
});

describe("words that only look like values", () => {
  test("a monologue of forty seconds: the property and the day in it, no time", () => {
    const call = after(
      "Hello yes I'm ringing because my sister who lives in Stockport saw on the internet that you've got a house on Maple Road number fourteen I think it was with a lovely garden and she said it would be ideal for us because we've been looking for about six months now and we sold ours in September and we are living with my mother in law which is a nightmare so I was wondering whether we could come and have a look at it maybe on Saturday if that is at all possible because my husband works in the week",
    );
    expect(call.state.slots).toMatchObject({ property: { value: "maple-14" }, date: { value: "2026-11-28" } });
    expect(call.state.slots.time).toBeUndefined();
    expect(call.state.asks).toBe("time");
  });

  test("an emergency at the end of a monologue is heard", () => {
    const story =
      "and then my neighbour came round and she said to me that I really ought to ring you about it ".repeat(8);
    expect(after(`${story} because I can smell gas`).state.phase.kind).toBe("emergency");
  });

  test.each(["I don't have one", "it's the same one I'm calling from", "no number"])("%p is no number", (line) => {
    const call = after(...MAPLE, line);
    expect(call.state.phoneSoFar).toBe("");
    expect(call.state.slots.phone).toBeUndefined();
  });

  test.each(["oh forget it bye", "go ahead", "stop", "what", "hang on"])("%p is no name", (line) => {
    expect(after(...MAPLE.slice(0, 3), line).state.slots.name).toBeUndefined();
  });

  test("Relay UK: 'go ahead' ends a turn and belongs to no value", () => {
    const call = after(
      "14 Maple Road go ahead",
      "Saturday half past two go ahead",
      "Sarah Patel go ahead",
      "07700900123 go ahead",
    );
    expect(call.state.slots.name?.value).toBe("Sarah Patel");
    expect(call.say("yes go ahead")).toContain("That's booked");
  });

  test.each(["Robert'); DROP TABLE viewing;--", "<script>alert(1)</script>", "{phone}", "\u0000\u202e"])(
    "%p is kept or dropped, never run or filled in",
    (line) => {
      const call = after(...MAPLE.slice(0, 3), line, `My name is ${line}`, "Sarah Patel", "07700 900123", "yes");
      expect(call.lines.join(" ")).not.toContain("undefined");
      expect(rows("viewing").length).toBeLessThanOrEqual(1);
      expect(rows("contact").length).toBeGreaterThanOrEqual(2);
    },
  );
});

describe("what the recogniser itself doubts", () => {
  test("is no turn: the caller is asked to say it again, four times at most", () => {
    const call = after(...MAPLE.slice(0, 2));
    expect(call.doubt("Four o'clock")).toBe("Sorry, could you say that again?");
    expect(call.state.slots.time).toBeUndefined();
    insist(call, () => call.doubt("We've been burgled"));
    expect(call.lines.at(-1)).toContain("Goodbye");
  });

  test("is heeded where it speaks of danger", () => {
    const call = office.call();
    expect(call.doubt("there is a smell of gas in the")).toContain("Leave now");
  });
});

describe("half a time", () => {
  test("'… past four' with its minutes not understood is not four o'clock", () => {
    const call = after(...MAPLE.slice(0, 2), "Kaur past four please.");
    expect(call.state.slots.time).toBeUndefined();
    expect(call.state.asks).toBe("time");
  });
});

describe("a wish of another kind", () => {
  test("who stands outside is no viewer: a message in his words", () => {
    const line = "I'm outside 14 Maple Road and nobody is here";
    const call = after(line);
    expect([call.state.task, call.state.slots.message?.value]).toEqual(["message", line]);
  });

  test("an offer is no viewing", () => {
    const call = after("I'd like to make an offer of 300000 on 14 Maple Road");
    expect(call.state.task).toBe("offer");
    expect(call.state.slots).toMatchObject({ money: { value: "300000" }, property: { confirmed: false } });
  });

  test("from a message to a viewing, when that is what the caller wants", () => {
    const call = after("can I leave a message", "it's about my deposit", "actually I'd just like to book a viewing");
    expect(call.state.task).toBe("viewing");
  });

  test.each(["Hello, is anybody there?", "Hello. Hello? Hello?", "good morning", "is anyone there"])(
    "%p wants an answer, not a person",
    (line) => {
      expect(office.call().say(line)).toBe("How can I help you?");
    },
  );

  test("'no, that's all' drops a viewing just begun", () => {
    expect(after("I'd like to see 22 Victoria Road", "no that's all thanks").state.phase.kind).toBe("else");
  });
});
