/** A week of an invented office, in the real store: what the pages are shown with. */
import { addDays, toLocal } from "../../src/agency/local-time.ts";
import type { StoredTurn } from "../../src/calls/ports.ts";
import { encode } from "../../src/media/g711.ts";
import { addCall, type CallToAdd, type OpenWeb } from "../web/harness.ts";
import { someLadder } from "./ui-ladder.ts";

const viewers = ["Robin Hart", "Priya Shah", "Tom Ellis", "Grace Okafor", "Daniel Price", "Megan Lloyd", "Amir Khan"];

/** Two sides that take turns, as tones: something to see and to hear. */
export function someSound(seconds: number): { caller: Uint8Array; agent: Uint8Array } {
  const side = (hertz: number, speaks: (second: number) => boolean) =>
    encode(
      "PCMA",
      Int16Array.from({ length: seconds * 8_000 }, (_, i) => {
        const second = i / 8_000;
        const loudness = speaks(second) ? 9_000 * Math.abs(Math.sin(second * 5.3) * Math.sin(second * 1.7)) : 60;
        return Math.round(loudness * Math.sin(2 * Math.PI * hertz * second));
      }),
    );
  return {
    caller: side(220, (s) => Math.floor(s / 4) % 2 === 1),
    agent: side(330, (s) => Math.floor(s / 4) % 2 === 0),
  };
}

const said = (text: string, asks: string | null): Partial<StoredTurn> => ({ said: text, asks });

export const bookingTurns: Partial<StoredTurn>[] = [
  said(
    "Hello, you're through to Harbour and Vale. I'm an automated assistant, and this call is recorded. How can I help you?",
    null,
  ),
  {
    heard: "hello I'd like to view fourteen maple road please",
    nbest: [["hello I'd like to view fourteen maple road please", -0.9]],
    confidence: 0.91,
    heardFromMs: 7_400,
    heardToMs: 10_100,
    ...said("14 Maple Road. Which day would suit you?", "date"),
  },
  {
    heard: "thursday at half past ten",
    nbest: [
      ["thursday at half past ten", -2.1],
      ["thursday at half past two", -2.6],
    ],
    confidence: 0.48,
    heardFromMs: 14_000,
    heardToMs: 15_900,
    ...said("Thursday at half past ten. Could I take your name?", "name"),
    saidInFull: false,
  },
  {
    heard: "robin hart",
    nbest: [["robin hart", -0.7]],
    confidence: 0.83,
    heardFromMs: 20_500,
    heardToMs: 21_400,
    ...said("Thank you. And a phone number for you?", "phone"),
  },
  {
    heard: "oh seven seven double oh nine hundred one two three",
    nbest: [["oh seven seven double oh nine hundred one two three", -1.2]],
    confidence: 0.88,
    heardFromMs: 25_000,
    heardToMs: 29_300,
    ...said(
      "So that's 14 Maple Road on Thursday at half past ten, for Robin Hart on 0 7 7 0 0, 9 0 0, 1 2 3. Shall I book it?",
      "confirm",
    ),
  },
  {
    heard: "yes please",
    nbest: [["yes please", -0.3]],
    confidence: 0.97,
    heardFromMs: 38_000,
    heardToMs: 38_600,
    ...said("That's booked: 14 Maple Road, Thursday at half past ten. Goodbye.", null),
  },
];

/** What the two calls that end in a booking booked: the next such weekday, as a caller means it. */
function bookFromCalls(web: OpenWeb, today: string, now: Date): void {
  const nextOn = (weekday: number) =>
    [1, 2, 3, 4, 5, 6, 7]
      .map((days) => addDays(today, days))
      .find((day) => new Date(`${day}T12:00:00Z`).getUTCDay() === weekday) ?? today;
  for (const { callId, propertyId, day, clock, name, phone } of [
    {
      callId: "call-main",
      propertyId: "maple-14",
      day: nextOn(4),
      clock: "10:30",
      name: "Robin Hart",
      phone: "+447700900123",
    },
    {
      callId: "call-old",
      propertyId: "high-18",
      day: nextOn(2),
      clock: "15:00",
      name: "Priya Shah",
      phone: "+447700900311",
    },
  ]) {
    const start = web.view.freeStarts(propertyId, day, clock, 1, toLocal(now))[0] ?? "";
    web.bookViewing({ propertyId, start, name, phone, callId }, { kind: "caller", callId }, now);
  }
}

/** Calls of today and yesterday, and viewings over the week of `now`. @returns the id of the fullest call. */
export function fillOffice(web: OpenWeb, now: Date): string {
  const today = toLocal(now).slice(0, 10);
  const at = (minutesAgo: number) => new Date(now.getTime() - minutesAgo * 60_000);
  const caller = (digits: number) => `+447700900${String(digits).padStart(3, "0")}`;
  const calls: CallToAdd[] = [
    {
      id: "call-main",
      at: at(34),
      number: caller(123),
      seconds: 48,
      outcome: "booked",
      turns: bookingTurns,
      sound: someSound(48),
      quality: {
        received: 2391,
        lost: 9,
        late: 2,
        sent: 2400,
        jitterMs: 4.2,
        concealedMs: 220,
        srtp: 1,
        roundTripMs: 3,
      },
    },
    { id: "call-withheld", at: at(58), seconds: 21, outcome: "abandoned" },
    {
      id: "call-message",
      at: at(83),
      number: caller(207),
      seconds: 74,
      outcome: "message",
      turns: [
        {
          heard: "can I speak to somebody please",
          confidence: 0.8,
          ...said("I can take a message for the team.", "message"),
        },
      ],
    },
    { id: "call-gas", at: at(121), number: "+442079460018", seconds: 16, outcome: "emergency" },
    { id: "call-plain", at: at(140), number: "+441614960100", seconds: 39, outcome: "nothing" },
    { id: "call-old", at: at(60 * 23), number: caller(311), seconds: 95, outcome: "booked" },
  ];
  for (const call of calls) addCall(web, call);
  web.takeMessage(
    {
      name: "Grace Okafor",
      phone: caller(207),
      about: "Please ring about the survey at Mill Lane before Friday.",
      forWhom: "Beth",
      callId: "call-message",
    },
    { kind: "caller", callId: "call-message" },
    at(83),
  );
  web.records.callLog.noteEmergency({ callId: "call-gas", emergency: "gas", at: at(120) });
  web.records.callLog.signalling("call-main", someLadder, at(33));
  bookWeek(web, today, now);
  bookFromCalls(web, today, now);
  return "call-main";
}

function bookWeek(web: OpenWeb, today: string, now: Date): void {
  const viewable = web.view.properties().filter(({ status }) => status === "available");
  const monday = addDays(today, -((new Date(`${today}T12:00:00Z`).getUTCDay() + 6) % 7));
  // The week's bookings were made as the week began, each as a call would have made it.
  const then = new Date(`${addDays(monday, -1)}T12:00:00Z`);
  for (let n = 0; n < 22; n++) {
    const property = viewable[n % viewable.length];
    const day = addDays(monday, n % 6);
    const clock = `${String(9 + ((n * 5) % 7)).padStart(2, "0")}:${n % 2 === 0 ? "30" : "00"}`;
    const start = property && web.view.freeStarts(property.id, day, clock, 1, toLocal(then))[0];
    if (property === undefined || start === undefined) continue;
    const viewing = web.bookViewing(
      {
        propertyId: property.id,
        start,
        name: viewers[n % viewers.length] ?? "",
        phone: `+447700900${400 + n}`,
        callId: undefined,
      },
      { kind: "system" },
      then,
    );
    if (n === 6) web.cancelViewing(viewing.id, { kind: "system" }, now);
  }
}
