import { describe, expect, test } from "bun:test";
import { AppError } from "../../src/app-error.ts";
import { fixedPrompts } from "../../src/receptionist/fixed-prompts.ts";
import { parseFlow } from "../../src/receptionist/flow.ts";
import { receptionFlow } from "../../src/receptionist/flows/reception.ts";
import { memoryView } from "./memory-view.ts";
import { call } from "./scripted-caller.ts";

const changed = (change: (flow: typeof receptionFlow) => void): unknown => {
  const copy = structuredClone(receptionFlow);
  change(copy);
  return copy;
};

describe("a flow is refused", () => {
  const cases: [string, (flow: typeof receptionFlow) => void, RegExp][] = [
    [
      "with an unknown slot in a prompt",
      (flow) => flow.prompts.booked.splice(0, 1, "Booked for {when}."),
      /\{when\}.*prompts\.booked/,
    ],
    [
      "with an unknown slot in the read-back",
      (flow) => Object.assign(flow.tasks[0] ?? {}, { confirm: "{price}?" }),
      /\{price\}.*tasks\.viewing\.confirm/,
    ],
    ["without a prompt", (flow) => Reflect.deleteProperty(flow.prompts, "goodbye"), /prompts\.goodbye/],
    ["with an unknown key", (flow) => Object.assign(flow, { colour: "blue" }), /colour/],
    ["with more turns than forty", (flow) => Object.assign(flow.limits, { turns: 41 }), /limits\.turns/],
    ["with an empty sentence", (flow) => flow.prompts.goodbye.splice(0, 1, " "), /prompts\.goodbye/],
  ];
  for (const [why, change, message] of cases) {
    test(why, () => {
      expect(() => parseFlow(changed(change))).toThrow(AppError);
      expect(() => parseFlow(changed(change))).toThrow(message);
    });
  }
});

test("a flow is JSON", () => {
  expect(parseFlow(JSON.parse(JSON.stringify(receptionFlow)))).toEqual(receptionFlow);
});

test("fixed prompts are exactly those said with `fixed`", () => {
  const fixed = new Set(fixedPrompts(receptionFlow, memoryView().agency()));
  const caller = call();
  const seen: boolean[] = [];
  for (const line of [
    "hello",
    "wibble",
    "I'd like a viewing",
    "14 Maple Road",
    "Sunday",
    "Saturday",
    "wobble",
    "ten",
    "Sarah Patel",
    "07700",
    "900123",
    "no",
    "hang on",
    "speak to a person",
  ]) {
    caller.say(line);
    for (const effect of caller.effects) {
      if (effect.kind !== "say") continue;
      expect([effect.text, fixed.has(effect.text)]).toEqual([effect.text, effect.fixed]);
      seen.push(effect.fixed);
    }
  }
  expect(seen).toContain(true);
  expect(seen).toContain(false);
  expect([...fixed].some((text) => text.includes("{"))).toBe(false);
});
