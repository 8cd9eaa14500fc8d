/** Words of a name, for comparison: lower case, without titles, accents and punctuation. */
function nameWords(name: string): string[] {
  return name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z\s-]/g, "")
    .split(/[\s-]+/)
    .filter((word) => word !== "" && !titles.has(word));
}

const titles = new Set(["mr", "mrs", "ms", "miss", "mx", "dr", "sir"]);

/**
 * Whether two names on one telephone number are the same person's: one says no more than the other ("Frost", "Mr Ian
 * Frost"). Two people of a household share a number and stay two contacts.
 */
export function isSamePerson(a: string, b: string): boolean {
  const [few, many] = [nameWords(a), nameWords(b)].sort((one, other) => one.length - other.length);
  if (few === undefined || many === undefined || few.length === 0) return false;
  return few.every((word) => many.includes(word));
}
