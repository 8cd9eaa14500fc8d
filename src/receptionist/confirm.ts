/** The read-back: yes, no, or another value for any item. */
import { advance } from "./advance.ts";
import { askSlot } from "./ask.ts";
import { clearSlot, type Draft, enter, miss, say, slotOf, submit, taskOf } from "./draft.ts";
import { fill } from "./fill.ts";
import type { SlotName } from "./flow.ts";
import { listeningOf } from "./listening.ts";
import { giveUp } from "./message.ts";
import { rulesOf } from "./tasks/rules.ts";
import { readName } from "./understanding/names.ts";
import { tokenise } from "./understanding/tokens.ts";
import { type Understanding, understand } from "./understanding/understand.ts";

export function confirmTurn(draft: Draft, heard: Understanding): void {
  const named = itemsOf(draft, heard);
  if (correct(draft, heard) || correctNamed(draft, heard, named)) return;
  if (heard.answer === "yes" && YES_BUT.test(heard.text)) return yesBut(draft, heard);
  if (heard.answer === "yes" && draft.state.readBack?.missed && miss(draft, "read-back") === 1) return advance(draft);
  if (heard.answer === "yes" || (heard.answer === "closing" && THAT_IS_IT.test(heard.text))) return complete(draft);
  if (heard.answer === "no" && restated(draft, heard, named)) return;
  if (named.length > 0 && (heard.answer === "no" || heard.intents.has("change"))) return reask(draft, named);
  if (heard.answer === "no") return askWhat(draft);
  if (miss(draft, "confirm") >= 3) return giveUp(draft, "property");
  say(draft, "yesOrNo");
}

/** "Yes, but make it three": what was read back is not what he wants, whatever was made out of the rest. */
const YES_BUT =
  /\b(?:but (?:can|could|make|change|not|at|on|for|the|it|(?:i|we)(?:['’]d| would| can| could| need| want| said| meant))|make (?:it|that) (?!so\b)|except|instead)\b/i;

const OF_TIME = /\bmake (?:it|that)\b|\b(?:can|could) we\b/i;

function yesBut(draft: Draft, heard: Understanding): void {
  if (!OF_TIME.test(heard.text) || !correctNamed(draft, heard, ["time"])) askWhat(draft);
}

/** "Yeah, that's it": of what was read back, a yes; "no, that's all" is not as clear. */
const THAT_IS_IT = /^(?!.*\b(?:no|not|nope|nothing|n['’]t)\b).*\bthat(?:'s| is) (?:it|all|everything|the lot)\b/i;

/** "Which part should I change?" */
export function changeTurn(draft: Draft, heard: Understanding): void {
  const named = itemsOf(draft, heard);
  if (correct(draft, heard) || correctNamed(draft, heard, named) || restated(draft, heard, named)) return;
  if (named.length > 0) return reask(draft, named);
  if (heard.answer === "closing" || (heard.answer === "yes" && !heard.intents.has("change"))) return advance(draft);
  if (miss(draft, "change") >= 3) return giveUp(draft, "property");
  say(draft, "whatChange");
}

/** "The time's wrong, I said three", "the time to three": with the item named, its bare value can be heard. */
function correctNamed(draft: Draft, heard: Understanding, named: readonly SlotName[]): boolean {
  const only = BARE.find((name) => name === named[0]);
  if (only === undefined || named.length > 1) return false;
  const again = understand({ text: heard.text, nbest: [] }, listeningOf(draft, only));
  return correct(draft, { ...heard, [only]: again[only] });
}

/** Items whose value can be told without a lead. */
const BARE = ["property", "date", "time", "phone", "address", "postcode", "money", "beds"] as const;

/** Takes over every value that differs; true if the conversation has gone on from there. */
function correct(draft: Draft, heard: Understanding): boolean {
  const differing = onlyDiffering(draft, withBareName(heard));
  const { filled, asked } = fill(draft, differing);
  if (asked) return true;
  if (filled.length === 0) return false;
  delete draft.state.tries.confirm;
  forgetUndone(draft);
  // "My number is …, and S3 …": of what was not made out of it nobody would hear, were the rest alone read back.
  if (heard.answer === "no" && /\band\b/i.test(heard.text.replace(IN_AMOUNT, " "))) draft.state.changed = [];
  if (miss(draft, "corrections") > 8) giveUp(draft, "property");
  else advance(draft);
  return true;
}

/**
 * A correction taken for another item's is put right by the caller: what he had meant to correct is wrong still. If
 * nothing differs from what he said no to, all of it is read back again.
 */
function forgetUndone({ state }: Draft): void {
  state.changed = state.changed?.filter((name) => state.slots[name]?.value !== state.told[name]) ?? null;
}

/** "No, Sarah Patel": a name without a lead, where nothing else was said. */
function withBareName(heard: Understanding): Understanding {
  const { name, property, date, time, phone } = heard;
  if (heard.answer !== "no" || (name ?? property ?? date ?? time ?? phone) !== undefined || heard.items.length > 0)
    return heard;
  const tokens = tokenise(heard.text).filter((token) => !/^(?:no|nope|not)$/.test(token.word));
  const found = tokens[0] !== undefined && /^\p{Lu}\p{L}+/u.test(tokens[0].raw) ? readName(tokens, true) : undefined;
  const sure = found !== undefined && found.certainty >= 0.85 && found.to >= tokens.length;
  return sure ? { ...heard, name: { value: found.name, certainty: found.certainty } } : heard;
}

const IN_AMOUNT = /\b(?:hundred|thousand|million) and\b/gi;

/** The same value said again ("yes, Saturday") corrects nothing. */
function onlyDiffering(draft: Draft, heard: Understanding): Understanding {
  const { property, date, time, phone, name, address, postcode } = heard;
  const same = sameValues(draft, heard);
  const isYes = heard.answer === "yes";
  return {
    ...heard,
    property: same.property ? undefined : property,
    date: same.date || date?.kind === "earliest" ? undefined : date,
    time: same.time || (isYes && time?.kind === "earliest") ? undefined : time,
    phone: same.phone || phone?.kind === "impossible" || phone?.kind === "no-area-code" ? undefined : phone,
    name: same.name ? undefined : name,
    address: same.address ? undefined : address,
    postcode: same.postcode ? undefined : postcode,
    money: same.money ? undefined : heard.money,
    beds: same.beds ? undefined : heard.beds,
  };
}

/** Which items were said with the value that they have. */
function sameValues(draft: Draft, heard: Understanding) {
  const { property, date, time, phone, name, address, postcode } = heard;
  const value = (slot: SlotName) => slotOf(draft, slot)?.value;
  return {
    property: property?.kind === "one" && property.id === value("property"),
    date:
      date?.kind === "on"
        ? date.date === value("date")
        : date?.kind === "either" && date.dates.includes(value("date") ?? ""),
    time: time?.kind === "at" && time.clock === value("time"),
    phone: phone?.kind === "complete" && phone.e164 === value("phone"),
    name: name !== undefined && name.value === value("name"),
    address: address !== undefined && address.value === value("address"),
    postcode: postcode !== undefined && postcode.value === value("postcode"),
    money: heard.money !== undefined && heard.money.value === value("money"),
    beds: heard.beds !== undefined && String(heard.beds) === value("beds"),
  };
}

/**
 * "No, my name is James Wilson", and that is what we have: the caller did not hear it so. To ask for the name again would
 * get the same answer; the value is read back instead. "Not Saturday" says nothing of the kind.
 */
function restated(draft: Draft, heard: Understanding, named: readonly SlotName[]): boolean {
  if (/\bnot\b|n['’]t\b|\bwrong\b/i.test(heard.text)) return false;
  const same = sameValues(draft, heard);
  const again = (Object.keys(same) as (keyof typeof same)[]).filter((name) => same[name]);
  if (again.length === 0 || named.some((name) => !again.some((one) => one === name))) return false;
  if (miss(draft, "corrections") > 8) giveUp(draft, "property");
  else {
    draft.state.changed = again;
    advance(draft);
  }
  return true;
}

const itemsOf = (draft: Draft, heard: Understanding): SlotName[] =>
  (taskOf(draft)?.slots ?? []).map(({ name }) => name).filter((name) => heard.items.includes(name));

/** Asks anew for the items that are wrong, one after the other. */
function reask(draft: Draft, names: readonly SlotName[]): void {
  for (const name of names) clearSlot(draft, name);
  const first = names[0];
  if (first === undefined) return;
  for (const name of names) delete draft.state.tries[name];
  if (miss(draft, "corrections") > 8) return giveUp(draft, first);
  askSlot(draft, first);
}

function askWhat(draft: Draft): void {
  if (miss(draft, "change") >= 4) return giveUp(draft, "property");
  say(draft, "whatChange");
  enter(draft, { kind: "change" });
}

/** Everything was agreed to: hands it over. What came of it is said when it is known. */
function complete(draft: Draft): void {
  const action = rulesOf(draft)?.action(draft);
  if (action === undefined) return;
  for (const slot of Object.values(draft.state.slots)) slot.confirmed = true;
  submit(draft, action);
}
