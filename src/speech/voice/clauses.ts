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
/** Characters; about seven seconds of speech. Of most voices all of a clause goes through a graph before any is heard. */
const longestClause = 120;
/** Nor can that be stopped: what is said after an interruption waits for it. */
const longestOfSlowVoice = 80;

/** Of an early first clause: a second of speech or so, and what is worth a breath of its own. */
const earlyClause = 18;
const shortestEarly = 4;
/** A first piece longer than this is cut even where nobody would pause. */
const longestEarly = 36;
/** Before these a phrase begins. */
const phraseStart =
  / (?=(?:and|or|but|so|because|which|who|where|when|if|that|on|at|for|in|from|with|until|between|by|is|are|was|would|will|can|to) )/gi;

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

/**
 * Clauses in order, each ending where a pause is natural. Together they hold every word of `text`.
 *
 * @param options `early`: for a voice that takes its time. The first clause is made as short as it can well be, so that it
 *   is soon heard, and the others are made while it is.
 */
export function splitClauses(text: string, { early = false }: { early?: boolean } = {}): Clause[] {
  const [first, ...rest] = splitPieces(text);
  if (first === undefined) return [];
  if (!early) return clausesOf([first, ...rest], longestClause);
  const [head, ...tail] = [...phrases(first), ...rest];
  if (head === undefined || tail.length === 0 || head.words.length < shortestEarly || head.words.length > longestEarly)
    return clausesOf([first, ...rest], longestOfSlowVoice);
  return [{ text: written([head]), pauseMs: pauseMs[head.mark] }, ...clausesOf(tail, longestOfSlowVoice)];
}

/** A long piece in two, where a phrase begins near the length of an early clause; otherwise as it is. */
function phrases(piece: Piece): Piece[] {
  if (piece.words.length <= longestEarly) return [piece];
  const starts = [...piece.words.matchAll(phraseStart)].map(({ index }) => index);
  const fit = starts.filter(
    (at) => at >= earlyClause / 2 && at <= longestEarly && piece.words.length - at > shortestRest,
  );
  const at = fit.toSorted((a, b) => Math.abs(a - earlyClause) - Math.abs(b - earlyClause))[0];
  if (at === undefined) return [piece];
  return [
    { words: piece.words.slice(0, at), mark: "" },
    { words: piece.words.slice(at + 1), mark: piece.mark },
  ];
}

function clausesOf(unbroken: readonly Piece[], longest: number): Clause[] {
  const pieces = unbroken.flatMap((piece) => broken(piece, longest));
  const clauses: Clause[] = [];
  let current: Piece[] = [];
  pieces.forEach((piece, index) => {
    current.push(piece);
    const next = pieces[index + 1];
    if (next !== undefined && !endsClause(current, piece, next, longest)) return;
    clauses.push({ text: written(current), pauseMs: next === undefined ? 0 : pauseMs[piece.mark] });
    current = [];
  });
  return clauses;
}

function endsClause(current: Piece[], piece: Piece, next: Piece, longest: number): boolean {
  if (piece.mark === "" || piece.mark === "¦" || rank(piece.mark) === 3) return true;
  const length = written(current).length;
  if (length + next.words.length > longest) return true;
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
function broken(piece: Piece, longest: number): Piece[] {
  if (piece.words.length <= longest) return [piece];
  const head = piece.words.slice(0, longest);
  const joining =
    [...head.matchAll(/ (?=(?:and|or|but|so|because|which|who|where|when|if|that) )/g)].at(-1)?.index ?? 0;
  const space = head.lastIndexOf(" ");
  const at = joining > longest / 3 ? joining : space > 0 ? space : longest;
  const rest = piece.words.slice(at).trim();
  return [{ words: piece.words.slice(0, at), mark: "" }, ...broken({ words: rest, mark: piece.mark }, longest)];
}
