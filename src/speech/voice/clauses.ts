/** Text → pieces between punctuation → clauses, the units that are synthesised one after another. Pure. */

/** Words, and the sign that closes them; "" where the text just ends, "¦" between the halves of a postcode. */
export type Piece = { words: string; mark: "" | "¦" | "," | ";" | ":" | "." | "!" | "?" };

/** `pauseMs` is the silence after it; nothing follows the last. */
export type Clause = { text: string; pauseMs: number };

// biome-ignore format: a table
const pauseMs: Record<Piece["mark"], number> = {
  "": 0, "¦": 135, ",": 140, ";": 240, ":": 200, ".": 340, "!": 340, "?": 380,
};

/** The first clause may be short, so that its audio leaves early; the ones behind it are made while it plays. */
const shortestClause = 18;
const shortestRest = 12;
/** Characters; about seven seconds of speech. A voice's graph gives nothing before it has made all of its clause. */
const longestClause = 120;

/** Words after which a full stop ends nothing. */
const abbreviation = /(?:^|[\s("'])(?:Mr|Mrs|Ms|Dr|Prof|Revd|St|Rd|Ave|e\.g|i\.e|approx|vs)$/;
/** A single capital is an initial, unless it names a thing ("Flat B."). */
const initial = /(?:^|(?<!\b(?:flat|unit|plot|block|house|room|option|plan|and|or)) )[A-Z]$/i;
/** A sign ends a piece only with space or the end behind it, quotes and brackets apart: never inside 10:30, 2.5 or 1,250. */
const boundary = /([.!?…,;:¦]+)(["')\]]*)(?=\s|$)|\s[–—-]+(?=\s)|\s*\n+/g;

/** Pieces in order; signs that make no pause (quotes, brackets) are dropped, dashes count as commas. */
export function splitPieces(text: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  const push = (to: number, mark: Piece["mark"]) => {
    const words = plainWords(text.slice(from, to));
    const last = pieces.at(-1);
    if (words !== "") pieces.push({ words, mark });
    else if (last !== undefined && rank(mark) > rank(last.mark)) last.mark = mark;
  };
  for (const found of text.matchAll(boundary)) {
    const sign = found[1];
    if (sign === "." && isAbbreviation(text, from, found.index)) continue;
    push(found.index, sign === undefined ? markOfGap(found[0]) : markOf(sign));
    from = found.index + found[0].length;
  }
  push(text.length, "");
  return pieces;
}

/** Clauses in order, each ending where a pause is natural. Together they hold every word of `text`. */
export function splitClauses(text: string): Clause[] {
  const pieces = splitPieces(text).flatMap(broken);
  const clauses: Clause[] = [];
  let current: Piece[] = [];
  pieces.forEach((piece, index) => {
    current.push(piece);
    const next = pieces[index + 1];
    if (next !== undefined && !endsClause(current, piece, next)) return;
    clauses.push({ text: written(current), pauseMs: next === undefined ? 0 : pauseMs[piece.mark] });
    current = [];
  });
  return clauses;
}

function endsClause(current: Piece[], piece: Piece, next: Piece): boolean {
  if (piece.mark === "" || piece.mark === "¦" || rank(piece.mark) === 3) return true;
  const length = written(current).length;
  if (length + next.words.length > longestClause) return true;
  return length >= shortestClause && next.words.length >= shortestRest;
}

/** As text again, for a voice that reads text. The pause of "¦" is ours; its tune is a comma's. */
export function written(pieces: readonly Piece[]): string {
  return pieces.map(({ words, mark }) => `${words}${mark === "¦" ? "," : mark}`).join(" ");
}

function isAbbreviation(text: string, from: number, at: number): boolean {
  const before = text.slice(from, at).trimStart();
  const after = text.slice(at + 1).trimStart();
  if (after === "") return false;
  return (
    abbreviation.test(before) ||
    (/[A-Z]$/.test(before) && initial.test(before)) ||
    (/\bNo$/.test(before) && /^\d/.test(after))
  );
}

function plainWords(text: string): string {
  return text
    .replace(/["()[\]…]/g, " ")
    .replace(/(?<=\p{L})\.(?=\s|$)/gu, "") // an abbreviation's: a voice would take it for an end
    .replace(/\s+/g, " ")
    .trim();
}

function markOfGap(gap: string): Piece["mark"] {
  return gap.includes("\n") ? "." : ",";
}

function markOf(signs: string): Piece["mark"] {
  if (signs.includes("?")) return "?";
  if (signs.includes("!")) return "!";
  const sign = signs.charAt(0);
  return sign === "," || sign === ";" || sign === ":" || sign === "¦" ? sign : ".";
}

function rank(mark: Piece["mark"]): number {
  if (mark === "") return 0;
  return mark === "," || mark === "¦" ? 1 : mark === ";" || mark === ":" ? 2 : 3;
}

/** A piece longer than a clause may be, cut at a word near the middle of what is too long, before a joining word if there is one. */
function broken(piece: Piece): Piece[] {
  if (piece.words.length <= longestClause) return [piece];
  const head = piece.words.slice(0, longestClause);
  const joining =
    [...head.matchAll(/ (?=(?:and|or|but|so|because|which|who|where|when|if|that) )/g)].at(-1)?.index ?? 0;
  const space = head.lastIndexOf(" ");
  const at = joining > longestClause / 3 ? joining : space > 0 ? space : longestClause;
  const rest = piece.words.slice(at).trim();
  return [{ words: piece.words.slice(0, at), mark: "" }, ...broken({ words: rest, mark: piece.mark })];
}
