/** Dates of birth as the British say them: day before month, the year in two digits or four. Pure. */
import { madeDate } from "../understanding/calendar.ts";
import { type Atom, atomsOf } from "./birth-date-atoms.ts";
import type { ItemReader, Reading } from "./item.ts";

/** Callers are grown up: of "04" that makes 2004, of "82" 1982. */
const leastAge = 14;
const mostAge = 110;

const named = 0.94;
const numbered = 0.9;
/** Two digits leave the century to be guessed. */
const shortYear = 0.95;
/** Digits run together, or split where nobody paused. */
const regrouped = 0.75;
/** Month before day, as Americans and some recognisers write it. */
const swapped = 0.07;

/** Of a known date of which two parts were heard: with many that are known, some others have two of them as well. */
const slip = 0.45;

type Parts = { day: number; month: number; year: string; certainty: number };

export const birthDate: ItemReader = {
  read(text, { now }) {
    const year = Number(now.slice(0, 4));
    const best = new Map<string, number>();
    for (const { day, month, year: said, certainty } of partsOf(atomsOf(text))) {
      const full = fullYear(said, year);
      const date = full === undefined ? undefined : madeDate(full, month, day);
      if (date === undefined || date >= now.slice(0, 10)) continue;
      const sure = certainty * (said.length === 2 ? shortYear : 1);
      best.set(date, Math.max(sure, best.get(date) ?? 0));
    }
    return shares(best);
  },
  likeness(text, context) {
    const atoms = atomsOf(text);
    const read = birthDate.read(text, context);
    return (known) => likeKnown(atoms, read, known);
  },
};

function likeKnown(atoms: readonly Atom[], read: readonly Reading[], known: string): number {
  const [year = "", month = "", day = ""] = known.split("-");
  const readings = read.map(({ value }) => likeDate(value, known));
  // Day and month alone, or the year alone, are something.
  const partial =
    Number(saysNumber(atoms, Number(day))) + Number(saysMonth(atoms, Number(month))) + Number(saysYear(atoms, year));
  return Math.max(0, ...readings, partial === 3 ? 0.9 : partial === 2 ? slip : 0);
}

function shares(best: ReadonlyMap<string, number>): Reading[] {
  const total = Math.max(
    1,
    [...best.values()].reduce((sum, certainty) => sum + certainty, 0),
  );
  return [...best]
    .map(([value, certainty]) => ({ value, certainty: certainty / total }))
    .sort((a, b) => b.certainty - a.certainty);
}

function fullYear(said: string, thisYear: number): number | undefined {
  const year = Number(said);
  const fits = (candidate: number) => thisYear - candidate >= leastAge && thisYear - candidate <= mostAge;
  if (said.length === 4) return fits(year) ? year : undefined;
  return [2000 + year, 1900 + year].find(fits);
}

function partsOf(atoms: readonly Atom[]): Parts[] {
  const monthAt = atoms.findIndex(({ kind }) => kind === "month");
  if (monthAt >= 0) return withMonth(atoms, monthAt);
  const groups = digitsOf(atoms);
  // "twenty nine sixty one" may be the 20th of the ninth: a ten and a unit are said like one number.
  const apart = groups.flatMap((group) => (/^[23][1-9]$/.test(group) ? [`${group[0]}0`, group[1] ?? ""] : [group]));
  return [...inNumbers(groups), ...(groups.length === 2 && apart.length > 2 ? inNumbers(apart) : [])];
}

/** "the third of march eighty two", "march the 3rd 1982", "1982 march 3rd". */
function withMonth(atoms: readonly Atom[], monthAt: number): Parts[] {
  const month = atoms[monthAt];
  if (month?.kind !== "month") return [];
  const before = digitsOf(atoms.slice(0, monthAt));
  const after = digitsOf(atoms.slice(monthAt + 1));
  const found: Parts[] = [];
  const add = (day: string | undefined, year: string | undefined, certainty: number) => {
    if (day === undefined || year === undefined || !isDay(day) || !isYear(year)) return;
    found.push({ day: Number(day), month: month.month, year, certainty });
  };
  // A day said twice ("the third, the 3rd of march") is said once.
  add(before.at(-1), after.join(""), named);
  add(before.join(""), after.join(""), named);
  add(after.join(""), before.join(""), named); // "1972 june 21st"
  if (after.length === 0) add(before.at(-1), before.slice(0, -1).join(""), regrouped);
  if (before.length > 0) return found;
  for (let cut = 1; cut < after.length; cut++) add(after.slice(0, cut).join(""), after.slice(cut).join(""), named);
  for (const length of [1, 2]) add(after.join("").slice(0, length), after.join("").slice(length), regrouped);
  return found;
}

/** "three four eighty two", "03 04 1982", "030482": day, month and year by where they may be divided. */
function inNumbers(groups: readonly string[]): Parts[] {
  const text = groups.join("");
  if (text.length < (groups.length < 3 ? 5 : 4) || text.length > 10) return [];
  const seams = new Set<number>();
  let at = 0;
  for (const group of groups) {
    at += group.length;
    seams.add(at);
  }
  const found: Parts[] = [];
  for (const dayLength of [1, 2]) {
    for (const monthLength of [1, 2]) {
      const day = text.slice(0, dayLength);
      const month = text.slice(dayLength, dayLength + monthLength);
      const year = text.slice(dayLength + monthLength);
      if (!isYear(year)) continue;
      const atSeams = seams.has(dayLength) && seams.has(dayLength + monthLength);
      const padded = text.length === 8 || text.length === 6;
      const certainty = numbered * (atSeams ? 1 : padded && dayLength + monthLength === 4 ? regrouped : regrouped / 3);
      if (isDay(day) && isMonth(month)) found.push({ day: Number(day), month: Number(month), year, certainty });
      if (isDay(month) && isMonth(day))
        found.push({ day: Number(month), month: Number(day), year, certainty: certainty * swapped });
    }
  }
  // "1982 04 03", as forms have it.
  const iso = /^((?:19|20)\d\d)(\d\d)(\d\d)$/.exec(text);
  if (iso && isMonth(iso[2] ?? "") && isDay(iso[3] ?? ""))
    found.push({ day: Number(iso[3]), month: Number(iso[2]), year: iso[1] ?? "", certainty: numbered });
  return found;
}

const digitsOf = (atoms: readonly Atom[]): string[] =>
  atoms.flatMap((atom) => (atom.kind === "digits" ? [atom.digits] : []));

const isDay = (text: string): boolean => /^\d{1,2}$/.test(text) && Number(text) >= 1 && Number(text) <= 31;
const isMonth = (text: string): boolean => /^\d{1,2}$/.test(text) && Number(text) >= 1 && Number(text) <= 12;
const isYear = (text: string): boolean => /^(?:\d\d|19\d\d|20\d\d)$/.test(text);

/** Two of day, month and year right is a slip of one word. */
function likeDate(value: string, known: string): number {
  const [ours, theirs] = [value.split("-"), known.split("-")];
  const same = ours.filter((part, at) => part === theirs[at]).length;
  return same === 3 ? 1 : same === 2 ? slip : 0;
}

const saysNumber = (atoms: readonly Atom[], number: number): boolean =>
  digitsOf(atoms).some((digits) => Number(digits) === number);

const saysMonth = (atoms: readonly Atom[], month: number): boolean =>
  atoms.some((atom) => (atom.kind === "month" ? atom.month === month : Number(atom.digits) === month));

const saysYear = (atoms: readonly Atom[], year: string): boolean => {
  const text = digitsOf(atoms).join("");
  return text.endsWith(year) || text.endsWith(year.slice(2));
};
