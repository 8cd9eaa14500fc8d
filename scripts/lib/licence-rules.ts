/**
 * SPDX identifiers whose terms can be met by a work that as a whole is under GPL-3.0-or-later (after the list that the
 * Free Software Foundation keeps). AGPL-3.0 may be linked, but its network clause would then bind our users: refused.
 */
const compatible = new Set([
  "0BSD",
  "Apache-2.0",
  "Artistic-2.0",
  "BlueOak-1.0.0",
  "BSD-1-Clause",
  "BSD-2-Clause",
  "BSD-3-Clause",
  "BSL-1.0",
  "CC0-1.0",
  "CC-BY-4.0",
  "GPL-2.0-or-later",
  "GPL-3.0",
  "GPL-3.0-only",
  "GPL-3.0-or-later",
  "ISC",
  "LGPL-2.0-or-later",
  "LGPL-2.1",
  "LGPL-2.1-only",
  "LGPL-2.1-or-later",
  "LGPL-3.0",
  "LGPL-3.0-only",
  "LGPL-3.0-or-later",
  "MIT",
  "MIT-0",
  "MPL-2.0",
  "Python-2.0",
  "Unicode-3.0",
  "Unicode-DFS-2016",
  "Unlicense",
  "WTFPL",
  "Zlib",
]);

/**
 * Whether software under this SPDX expression may be part of Gatehouse. AND needs both sides, OR one of them; an
 * exception (WITH) only ever adds permissions. What cannot be read is refused.
 */
export function isCompatible(expression: string): boolean {
  const tokens = expression.match(/[()]|[^\s()]+/g) ?? [];
  let at = 0;
  const either = (): boolean => {
    let allowed = both();
    while (tokens[at] === "OR") {
      at++;
      allowed = both() || allowed; // the right side must be read in any case
    }
    return allowed;
  };
  const both = (): boolean => {
    let allowed = single();
    while (tokens[at] === "AND") {
      at++;
      allowed = single() && allowed;
    }
    return allowed;
  };
  const single = (): boolean => {
    const token = tokens[at++];
    if (token === "(") {
      const allowed = either();
      return tokens[at++] === ")" && allowed;
    }
    if (tokens[at] === "WITH") at += 2;
    return token !== undefined && compatible.has(token);
  };
  const allowed = either();
  return allowed && at === tokens.length;
}
