/** One after another. */
export function joined(parts: readonly Float32Array[]): Float32Array {
  const [only, ...more] = parts.filter(({ length }) => length > 0);
  if (more.length === 0) return only ?? new Float32Array(0);
  const out = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** The same of samples of 16 bits. */
export function joinedPcm(parts: readonly Int16Array[]): Int16Array {
  const out = new Int16Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
