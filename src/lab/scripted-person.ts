/** A caller: says his wish, answers what he is asked, hears what is read back to him and puts it right. */
import { type AgentTurn, agrees, heardWrong, offers, truthOf } from "./hearing.ts";
import { answered, isSwallowed, type Personality, told } from "./personality.ts";
import type { Random } from "./random.ts";
import type { Scenario, Wish } from "./scenario.ts";
import type { Words } from "./ways.ts";

export type Move = { kind: "say"; text: string } | { kind: "silence" } | { kind: "hangup" };

export type Caller = { next(turn: AgentTurn): Move };

const mostAttempts = 6;
const mostCorrections = 5;
const mostFarewells = 3;
const mostPutRight = 3;
const mostOpenings = 4;

export function createCaller(scenario: Scenario, personality: Personality, words: Words, random: Random): Caller {
  const { ways, manners } = words;
  const attempts = new Map<string, number>();
  const first = new Map<string, number>();
  const used = new Set<number>();
  const person = scenario.who === undefined ? undefined : ways.people[scenario.who];
  const wantsNothing = scenario.expect.rows.length === 0 && scenario.who === undefined;
  let wish: Wish = scenario.wish;
  let isSecond = false;

  const count = (what: string): number => {
    const before = attempts.get(what) ?? 0;
    attempts.set(what, before + 1);
    return before;
  };
  const say = (text: string): Move => ({ kind: "say", text });
  const truth = () => truthOf(scenario, wish, person, words);

  function next(turn: AgentTurn): Move {
    if (scenario.silent) return { kind: "silence" };
    if (isSwallowed(personality, random)) return { kind: "silence" };
    const reply = scenario.replies.findIndex((one, index) => !used.has(index) && matches(one.if, turn.said));
    if (reply >= 0 && attempts.has("open")) {
      used.add(reply);
      return say(scenario.replies[reply]?.say ?? "");
    }
    const misheard = turn.asks === null ? undefined : putRight(turn);
    if (misheard !== undefined) return misheard;
    switch (turn.asks) {
      case null:
        return open(turn.said);
      case "anything-else":
        return farewell();
      case "confirm":
        return confirm(turn);
      case "choice":
        return choose(turn);
      case "keys":
      case "voice-message":
        return { kind: "hangup" };
      default:
        return answer(turn.asks);
    }
  }

  function open(said: string): Move {
    const before = count("open");
    if (before >= mostOpenings) return { kind: "hangup" };
    if (before > 0 && scenario.expect.emergency && /\d{3}/.test(said)) return say("okay, thank you, I'm going now");
    const opening = scenario.opening[Math.min(before, scenario.opening.length - 1)] ?? "";
    return say(before === 0 ? told(personality, opening, manners, random) : opening);
  }

  /** "Saturday the 28th. What time would you like?": no, Thursday. */
  function putRight(turn: AgentTurn): Move | undefined {
    if (turn.asks === "confirm" || turn.asks === "anything-else") return undefined;
    const wrong = heardWrong(turn, truth(), words.addresses).find((name) =>
      ["property", "date", "time"].includes(name),
    );
    if (wrong === undefined || count("put right") >= mostPutRight) return undefined;
    return say(`no, ${correction(wrong)}`);
  }

  function farewell(): Move {
    if (scenario.later !== undefined && !isSecond) {
      isSecond = true;
      wish = scenario.later.wish;
      for (const item of ["property", "date", "time"]) attempts.delete(item);
      return say(scenario.later.say);
    }
    return count("farewell") >= mostFarewells ? { kind: "hangup" } : say(random.pick(manners.closing));
  }

  function answer(asked: string): Move {
    if (personality === "several wishes" && asked !== "message" && count("questions") === 1) {
      return say(random.pick(manners.asides));
    }
    if (personality === "elderly, slow" && asked === "phone" && count("glasses") === 0) {
      return say(random.pick(manners.wait));
    }
    const attempt = count(asked);
    if (attempt >= mostAttempts) return { kind: "hangup" };
    const wordings = wordingsOf(asked);
    if (wordings === undefined) return say(random.pick(wantsNothing ? manners.unwanted : manners.unknown));
    const item = { asked, wordings: turned(asked, wordings), attempt, truth: Reflect.get(wish, asked) };
    const text = answered(personality, item, nextOf(asked), words, random);
    return say(asked === "message" && attempt === 0 ? told(personality, text, manners, random) : text);
  }

  /** Everybody begins with a wording of his own; asked again, he takes another. */
  function turned(asked: string, wordings: readonly string[]): readonly string[] {
    if (asked === "phone" && personality === "elderly, slow" && person !== undefined)
      return [...person.pieces, ...wordings];
    if (asked === "name" && personality === "spells" && person !== undefined) return [person.spelled, ...wordings];
    const from = first.get(asked) ?? random.below(wordings.length);
    first.set(asked, from);
    return [...wordings.slice(from), ...wordings.slice(0, from)];
  }

  function wordingsOf(asked: string): readonly string[] | undefined {
    const own = scenario.facts[asked];
    if (own !== undefined && !(isSecond && asked in wish)) return own;
    switch (asked) {
      case "name":
        return person && [...person.names, person.spelled];
      case "phone":
        return person?.phones;
      case "property":
        return wish.property === undefined ? undefined : ways.properties[wish.property];
      case "date":
        return wish.date === undefined ? undefined : ways.dates[wish.date];
      case "time":
        return wish.time === undefined ? undefined : ways.times[wish.time];
      case "message":
        return scenario.opening;
      default:
        return undefined;
    }
  }

  /** Of the usual order of questions. */
  function nextOf(asked: string): string | undefined {
    const after = { property: "date", date: "time", name: "phone" }[asked];
    return after === undefined ? undefined : wordingsOf(after)?.[0];
  }

  function confirm(turn: AgentTurn): Move {
    if (personality === "elderly, slow" && count("again") === 0) return say(random.pick(manners.again));
    const { said } = turn;
    const { expect } = scenario;
    if (/\b(?:take|leave|pass on) (?:a|your|the) (?:message|request)|message (?:instead|for the team)\?/i.test(said)) {
      return yesOrNo(wantsMessage(), "no thank you");
    }
    if (/like to view|like to see it/i.test(said)) return yesOrNo(wantsViewing(), "no thanks, I only wanted to ask");
    const meant = /did you mean ([^?]+)\?/i.exec(said)?.[1];
    if (meant !== undefined) return yesOrNo(agrees(meant, truth()), `no, ${restate()}`);
    if (/shall i book/i.test(said) && !wantsBooking()) {
      return count("refusals") >= mostCorrections ? { kind: "hangup" } : say(`no, ${scenario.opening[0] ?? ""}`);
    }
    const wrong = heardWrong(turn, truth(), words.addresses);
    if (wrong.length === 0) return say(random.pick(manners.yes));
    if (count("corrections") >= mostCorrections) return { kind: "hangup" };
    return say(`no, ${wrong.map(correction).join(", and ")}`);

    function wantsMessage(): boolean {
      return (
        expect.outcome.includes("message") || expect.rows.some((row) => /message|task/.test(Object.keys(row)[0] ?? ""))
      );
    }
    function wantsBooking(): boolean {
      return expect.rows.some(({ viewing, valuation }) => valuation !== undefined || (viewing && !("id" in viewing)));
    }
    function wantsViewing(): boolean {
      return expect.view ?? expect.rows.some((row) => "viewing" in row);
    }
  }

  const yesOrNo = (yes: boolean, otherwise: string): Move => say(yes ? random.pick(manners.yes) : otherwise);

  /** The item that he was asked for last, once more. */
  function restate(): string {
    const last = [...attempts.keys()].filter((key) => wordingsOf(key) !== undefined).at(-1) ?? "property";
    return wordingsOf(last)?.at(-1) ?? scenario.opening[0] ?? "";
  }

  function correction(slot: string): string {
    const wordings = wordingsOf(slot) ?? [];
    const text = wordings[count(`correct ${slot}`) % Math.max(1, wordings.length)] ?? "";
    if (slot === "beds") return /\bbed/.test(text) ? text : `${text} bedrooms`;
    const leads: Record<string, string> = {
      name: "the name's ",
      phone: "my number is ",
      time: "at ",
      property: "it's ",
      date: "on ",
    };
    return slot === "name" && (attempts.get("correct name") ?? 0) > 1
      ? `the name's ${person?.spelled ?? text}`
      : `${leads[slot] ?? ""}${text}`;
  }

  function choose(turn: AgentTurn): Move {
    const { said } = turn;
    if (count("choices") >= mostAttempts) return { kind: "hangup" };
    const own = scenario.facts.choice;
    if (own !== undefined) return say(own[count("choice") % own.length] ?? "");
    if (/carry on/i.test(said))
      return say(scenario.expect.outcome.includes("message") ? "a message please" : "carry on");
    if (/which part|what should I change/i.test(said)) {
      const [wrong = "time"] = heardWrong(turn, truth(), words.addresses, true);
      return say(correction(wrong));
    }
    if (scenario.kind !== undefined && /selling|letting/i.test(said))
      return say(scenario.kind === "sales" ? "selling" : "letting");
    if (/vulnerable/i.test(said)) return say(scenario.facts.vulnerable?.[0] ?? random.pick(manners.no));
    const offered = offers(said, truth());
    if (offered !== undefined) return say(offered);
    return answer(/\bday\b|\bdate\b/i.test(said) ? "date" : wish.time === undefined ? "property" : "time");
  }

  return { next };
}

const matches = (pattern: string, text: string): boolean => new RegExp(pattern, "i").test(text);
