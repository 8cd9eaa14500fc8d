/** Streets and buildings written short. "St" and "Dr" are read by where they stand. */

const streets: Record<string, string> = {
  Rd: "Road",
  Ave: "Avenue",
  Av: "Avenue",
  Ln: "Lane",
  Gdns: "Gardens",
  Gdn: "Garden",
  Cres: "Crescent",
  Cresc: "Crescent",
  Ct: "Court",
  Crt: "Court",
  Pl: "Place",
  Sq: "Square",
  Terr: "Terrace",
  Ter: "Terrace",
  Cl: "Close",
  Grn: "Green",
  Gr: "Grove",
  Gro: "Grove",
  Pk: "Park",
  Hts: "Heights",
  Mws: "Mews",
  Cotts: "Cottages",
  Bldgs: "Buildings",
  Bldg: "Building",
  Hse: "House",
  Est: "Estate",
  Pde: "Parade",
  Prom: "Promenade",
  Wlk: "Walk",
  Wy: "Way",
  Blvd: "Boulevard",
  Yd: "Yard",
};
const before: Record<string, string> = {
  Gt: "Great",
  Lt: "Little",
  Lwr: "Lower",
  Upr: "Upper",
  Mt: "Mount",
  Nr: "near",
};

/** What the name of a street ends in, in full or short; for a regular expression. */
export const streetWord = [
  "Street|St|Road|Avenue|Lane|Gardens?|Crescent|Court|Place|Square|Terrace|Close|Green|Grove|Park|Heights|Mews",
  "Cottages|Buildings?|House|Estate|Parade|Promenade|Walk|Way|Drive|Hill|Rise|View|Row|Wharf|Quay|Boulevard|Yard|Gate",
  Object.keys(streets).join("|"),
].join("|");

const afterName = new RegExp(`(?<=[A-Z][\\w'’]* )(${Object.keys(streets).join("|")})\\b(\\.(?! [A-Z]|$))?`, "g");
const beforeName = new RegExp(`\\b(${Object.keys(before).join("|")})\\b\\.?(?= [A-Z])`, "g");
/** Words before a saint or a doctor that are no name of a street. */
const noName = /^(?:And|At|By|Flat|For|From|In|Is|Near|On|Opposite|Or|The|To|With|Via) $/;

export function sayStreets(text: string): string {
  return text
    .replace(
      /\b(Apt|Apts|Flr|Fl)\b\.? ?(?=\d|[A-Z]\b)/g,
      (_, word: string) => `${word.startsWith("A") ? "Apartment" : "Floor"} `,
    )
    .replace(/\bG\/F\b|\bGF\b/g, "ground floor")
    .replace(beforeName, (_, word: string) => before[word] ?? word)
    .replace(afterName, (_, street: string) => streets[street] ?? street)
    .replace(/([\w'-]+ )?\bSt\b(\.)?(?=(,?) ?([A-Z])?)/g, (...found) => sayByPlace(found, "Street", "Saint"))
    .replace(/([\w'-]+ )?\bDr\b(\.)?(?=(,?) ?([A-Z])?)/g, (...found) => sayByPlace(found, "Drive", "Doctor"));
}

/**
 * "St" before a name is a saint, unless a name stands before it too: then it is that street's. In "14 St John St" the
 * number before the first makes it a saint. A full stop that ends the sentence stays.
 */
function sayByPlace(found: unknown[], street: string, person: string): string {
  const [whole, word, stop, comma, name] = found as [string, string | undefined, string | undefined, string, string?];
  const isEnd = name === undefined && comma === "" && String(found.at(-1)).endsWith(whole);
  const ofStreet = word !== undefined && !noName.test(word) && /^[A-Z][\w'-]* $/.test(word);
  if (ofStreet) return `${word}${street}${name === undefined && !isEnd ? "" : (stop ?? "")}`;
  return name === undefined || comma !== "" ? whole : `${word ?? ""}${person}`;
}
