/** An agency of any size, the same for the same seed: homes on streets that sound alike, and people who share numbers. */
import { parseSeed, type Seed } from "../../../src/agency/seed.ts";
import { type Random, randomFrom } from "../../agency/diary/random.ts";

const trees =
  "Maple Ash Oak Elm Birch Hazel Rowan Willow Cedar Larch Alder Aspen Beech Holly Juniper Laurel Linden".split(" ");
const persons = "Victoria Albert George Edward Alexandra Clarence Gordon Nelson Wellington Stanley Percy Howard".split(
  " ",
);
const places =
  "Chester Stafford Derby Lincoln Durham Exeter Ripon Selby Whitby Buxton Matlock Ludlow Oakham Kendal".split(" ");
const endings = "Road Street Avenue Lane Close Drive Crescent Grove Gardens Court Terrace Way Place Mews".split(" ");
const firsts = "James Jane Ian Ann Priya Omar Beth Tom Niamh Aled Fiona Hugh Wen Sita Carl Rhys Moira Femi".split(" ");
const seconds =
  "Smith Smythe Frost Forrest Brown Browne Khan Kahn O'Neil Neill Clark Clarke Reed Reid Shaw Shore".split(" ");

export type Size = { properties: number; contacts: number; seed: number };

export function largeAgency({ properties, contacts, seed }: Size): Seed {
  const random = randomFrom(seed);
  return parseSeed({
    properties: Array.from({ length: properties }, (_, n) => home(random, n)),
    contacts: Array.from({ length: contacts }, (_, n) => person(random, n, properties)),
  });
}

function home(random: Random, n: number) {
  const street = `${random.pick([...trees, ...persons, ...places])}${random.chance(0.2) ? " Park" : ""} ${random.pick(endings)}`;
  const number = 1 + random.below(200);
  const flat = random.chance(0.15) ? `Flat ${1 + random.below(12)}, ` : "";
  const letter = () => random.pick([..."ABDEFGHJLNPQRSTUWXYZ"]);
  return {
    id: `p${n}`,
    address: `${flat}${number} ${street}`,
    postcode: `M${1 + random.below(46)} ${random.below(10)}${letter()}${letter()}`,
    kind: random.chance(0.6) ? "sale" : "let",
    status: random.chance(0.9) ? "available" : "under-offer",
    price: 5_000 * (20 + random.below(150)),
    beds: 1 + random.below(5),
    type: random.pick(["semi", "terraced", "flat", "detached", "bungalow"]),
  };
}

function person(random: Random, n: number, properties: number) {
  const phone = `+4477${String(Math.floor(n / 1.3)).padStart(8, "0")}`; // three of ten share a number with another
  const role = { role: random.pick(["vendor", "tenant", "landlord"]), property: `p${random.below(properties)}` };
  const roles = properties > 0 && random.chance(0.2) ? [role] : [];
  return { id: `c${n}`, name: `${random.pick(firsts)} ${random.pick(seconds)}`, phone, roles };
}
