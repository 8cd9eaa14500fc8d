import type { WhisperEngine } from "../../../src/speech/whisper/engine.ts";
import { openDemoWhisper } from "../../caller/demo-whisper.ts";
import { bare, padded, seeded, spoken } from "./clips.ts";
import { sentences, vocabulary, voices } from "./sentences.ts";

/** None of these words is in the demo model's vocabulary.json. */
const foreignStreets = [
  ...["Larkspur Gardens", "Wychwood Avenue", "Thistledown Close", "Ravensbourne Drive", "Osprey Court"],
  ...["Juniper Hill", "Amberley Mews", "Pemberley Road", "Thrush Bank", "Saffron Way"],
  ...["Tamarisk Lane", "Kestrel Rise", "Bluebell Walk", "Tolgarth Terrace", "Dovecote Street"],
] as const;
const foreignPeople = [
  ...["Lettice Wetherby", "Rufus Langton", "Saskia Thorne", "Felix Ormerod", "Petronel Calloway"],
  ...["Tobias Penhale", "Ottoline Lindqvist", "Fergal Strand", "Noreen Tully", "Jasper Holloway"],
] as const;
const numbers = { 3: "three", 7: "seven", 9: "nine", 12: "twelve", 14: "fourteen", 18: "eighteen" };
const strangers = 400;
const wordsPerMinute = 150;

export type NameScore = { lines: number; likeliest: number; searched: number; told: number; among: number };
/** `harmed`: lines that name nothing of it, into which a name was put because the engine had been told of it. */
export type NameGain = {
  known: { streets: NameScore; people: NameScore };
  foreign: { streets: NameScore; people: NameScore };
  others: { lines: number; same: number; harmed: number };
};

/** @param lines Of each kind. The engine is told of all streets, or all people, among 400 other addresses. */
export async function nameGain(lines: number, seed: number, progress: (what: string) => void): Promise<NameGain> {
  const random = seeded(seed);
  const one = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const engine = await openDemoWhisper();
  const say = sentences(random);
  const other = Array.from({ length: strangers }, say).flatMap((line) => line.match(/for (.+) please$/)?.[1] ?? []);
  const score = async (kind: string, line: () => { said: string; name: string }) => {
    const found: NameScore = { lines, likeliest: 0, searched: 0, told: 0, among: 0 };
    for (let i = 0; i < lines; i++) {
      const { said, name } = line();
      const clip = await clipOf(said, one(voices), random);
      const holds = (text: string) => bare(text).includes(bare(name));
      if (holds((await heard(engine, clip)).text)) found.likeliest++;
      if (holds((await heard(engine, clip, false)).text)) found.searched++;
      const told = await heard(engine, clip, true);
      if (holds(told.text)) found.told++;
      if (told.nbest.some(({ text }) => holds(text))) found.among++;
      if ((i + 1) % 20 === 0) progress(`${kind}: ${i + 1} of ${lines}`);
    }
    return found;
  };
  const both = async (kind: string, streets: readonly string[], people: readonly string[]) => {
    const addresses = streets.flatMap((street) => Object.keys(numbers).map((number) => `${number} ${street}`));
    engine.expect([...addresses, ...other]);
    const byStreet = await score(`${kind} streets`, () => {
      const [number, word] = one(Object.entries(numbers));
      const street = one(streets);
      return { said: `I'd like to book a viewing for ${word} ${street} please`, name: `${number} ${street}` };
    });
    engine.expect([...people, ...other]);
    const byPerson = await score(`${kind} people`, () => {
      const name = one(people);
      return { said: `My name is ${name}`, name };
    });
    return { streets: byStreet, people: byPerson };
  };
  const words = vocabulary();
  const some = (count: number, make: () => string) => Array.from({ length: count }, make);
  const streets = some(15, () => `${one(words.streetNames)} ${one(words.streetTypes)}`);
  const people = some(15, () => `${one(words.firstNames)} ${one(words.surnames)}`);
  const known = await both("known", streets, people);
  const foreign = await both("foreign", foreignStreets, foreignPeople);
  const others = await harm(engine, lines, () => ({ said: say(), voice: one(voices) }), random);
  await engine.close();
  return { known, foreign, others };
}

/** Lines of an ordinary call: a name that nobody said must not be put into them. */
async function harm(
  engine: WhisperEngine,
  lines: number,
  line: () => { said: string; voice: string },
  random: () => number,
): Promise<NameGain["others"]> {
  engine.expect(foreignStreets.flatMap((street) => Object.keys(numbers).map((number) => `${number} ${street}`)));
  const found = { lines, same: 0, harmed: 0 };
  for (let i = 0; i < lines; i++) {
    const { said, voice } = line();
    const clip = await clipOf(said, voice, random);
    const plain = await heard(engine, clip, false);
    const told = await heard(engine, clip, true);
    if (bare(plain.text) === bare(told.text)) found.same++;
    else if (foreignStreets.some((street) => bare(told.text).includes(bare(street)))) found.harmed++;
  }
  return found;
}

async function clipOf(said: string, voice: string, random: () => number): Promise<Float32Array> {
  return padded(await spoken(said, voice, wordsPerMinute, 0.3), 0.25, 0.15, random);
}

/** As likely as can be; or searched, with and without the names. There is time: what is asked is what can be heard. */
function heard(engine: WhisperEngine, clip: Float32Array, liftNames?: boolean) {
  const { signal } = new AbortController();
  const search = liftNames === undefined ? {} : { search: { liftNames, mayGoOn: () => true } };
  return engine.transcribe(clip, { signal, ...search });
}
