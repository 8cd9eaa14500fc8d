/** True values drawn at random: what a caller means. */
import { addDays } from "../../../../src/agency/local-time.ts";
import type { Random } from "../../../sip/random.ts";

/** Tuesday, late autumn: what the hand-written days count from too. */
export const now = "2026-11-24T10:05";
export const today = now.slice(0, 10);

const AREAS: readonly string[] =
  "M SW LS BS G EH CF N NW E SE W B L S NE OX CB RG GU BN PO SO EX PL TR TQ BT AB DD KY PE NR IP CO CM SS DA TN ME CT KT SM CR BR HA UB TW SL HP LU MK NN LE NG DE ST CW CH WA WN BL OL HD HX BD HG YO HU DN LN TF WV WS DY WR GL HR SN BA TA DT SP BH SA LL SY LD NP".split(
    " ",
  );
const INWARD = "ABDEFGHJLNPQRSTUWXYZ";

const upTo = (random: Random, most: number): number => 1 + random.below(most);
const letterOf = (random: Random, letters: string): string => letters[random.below(letters.length)] ?? "A";

/** Of the form that postcodes have; most are nobody's. */
export function postcodeValue(random: Random): string {
  const district = random.next() < 0.55 ? upTo(random, 9) : 10 + random.below(30);
  const area = random.pick(AREAS);
  return `${area}${district} ${random.below(10)}${letterOf(random, INWARD)}${letterOf(random, INWARD)}`;
}

/** One that a letter or digit keeps apart from `value`: a neighbour in the register. */
export function neighbourOf(random: Random, value: string): string {
  const tail = value.length - 1 - random.below(2);
  return `${value.slice(0, tail)}${letterOf(random, INWARD)}${value.slice(tail + 1)}`;
}

export function birthDateValue(random: Random): string {
  return addDays("1936-01-01", random.below(365 * 72));
}

export const dayValue = (random: Random): string => addDays(today, 1 + random.below(40));

export function timeValue(random: Random): string {
  const hour = 9 + random.below(8);
  return `${String(hour).padStart(2, "0")}:${String(5 * random.below(12)).padStart(2, "0")}`;
}

const PREFIXES = ["07", "07", "07", "020", "0161", "0121", "0113", "01223", "01482", "01732", "0330", "0800"];

/** E.164. */
export function phoneValue(random: Random): string {
  let digits = random.pick(PREFIXES);
  if (digits === "07") digits += String(3 + random.below(7));
  while (digits.length < 11) digits += String(random.next() < 0.2 ? (digits.at(-1) ?? "5") : random.below(10));
  return `+44${digits.slice(1)}`;
}

// biome-ignore format: a list
const FIRST = [
  "Steven", "Stephen", "John", "Jon", "Sarah", "Sara", "Catherine", "Katherine", "Alan", "Allan", "Anne", "Ann", "Jane", "Jayne", "Brian", "Bryan", "Mark", "Marc", "Rachel",
  "Philip", "Phillip", "Geoffrey", "Jeffrey", "Ian", "Iain", "Lesley", "Leslie", "Neil", "Neal", "Karen", "Deborah", "Susan", "Paul", "Andrew", "James", "Robert", "Emma", "Laura",
  "Priya", "Ravi", "Fatima", "Yusuf", "Agnieszka", "Piotr", "Olivia", "Harry", "George", "Isla", "Freya", "Callum", "Rhys", "Gareth", "Megan", "Angus", "Fiona", "Hamish",
];
// biome-ignore format: a list
const LAST = [
  "Clark", "Clarke", "Smith", "Smyth", "Reed", "Reid", "Davis", "Davies", "Brown", "Browne", "Green", "Greene", "Allen", "Allan", "Thomson", "Thompson", "Phillips", "Philips",
  "Stewart", "Stuart", "Matthews", "Mathews", "Pierce", "Pearce", "Gray", "Grey", "Lloyd", "Moore", "Hughes", "Wright", "Knight", "Bailey", "Taylor", "Evans", "Patterson", "Walker",
  "Robinson", "Harrison", "Mitchell", "Shaw", "Chapman", "Palmer", "Burgess", "Hargreaves", "Ramsbottom", "Oakley", "Thornton", "Winterbourne", "Kapoor", "Sharma", "Ahmed",
  "Iqbal", "Chowdhury", "Okafor", "Adeyemi", "Kaminski", "Wisniewski", "Petrov", "Fernandez", "Murphy", "Doherty", "Gallagher", "McKenzie", "Campbell", "Fraser", "Llewellyn",
];
const MADE = [
  "brad",
  "hart",
  "wick",
  "ley",
  "ford",
  "ton",
  "ham",
  "den",
  "shaw",
  "worth",
  "well",
  "field",
  "man",
  "by",
];

export const surnameValue = (random: Random): string => {
  if (random.next() < 0.75) return random.pick(LAST);
  const [one, two] = [random.pick(MADE), random.pick(MADE)];
  return `${one[0]?.toUpperCase()}${one.slice(1)}${two === one ? "s" : two}`;
};
export const nameValue = (random: Random): string => `${random.pick(FIRST)} ${surnameValue(random)}`;

const HOSTS = ["gmail.com", "hotmail.co.uk", "yahoo.co.uk", "outlook.com", "icloud.com", "btinternet.com", "sky.com"];

export function emailValue(random: Random): string {
  const [first = "", last = ""] = nameValue(random).toLowerCase().split(" ");
  const number = random.next() < 0.35 ? String(10 + random.below(90)) : "";
  const sign = random.pick([".", "_", "", "."]);
  return `${random.next() < 0.3 ? (first[0] ?? "") : first}${sign}${last}${number}@${random.pick(HOSTS)}`;
}

const ROADS = ["Elm", "Station", "Hawthorn", "Priory", "Bridge", "Wellington", "Chestnut", "Manor", "Foxglove", "Park"];
const TYPES = ["Road", "Street", "Lane", "Avenue", "Close", "Drive"];

export const addressValue = (random: Random): string =>
  `${upTo(random, 199)} ${random.pick(ROADS)} ${random.pick(TYPES)}`;

export const priceValue = (random: Random): string => String((120 + 5 * random.below(150)) * 1000);
export const rentValue = (random: Random): string => String(550 + 25 * random.below(80));
