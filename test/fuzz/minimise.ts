/** Makes what brings a fault about small: fewer steps, then shorter inputs (Zeller's delta debugging, bounded in time). */
import type { Step } from "./target.ts";

const boundMs = 20_000;

/** @param fails whether those steps still bring the same fault about. */
export async function minimise(
  steps: readonly Step[],
  fails: (steps: readonly Step[]) => Promise<boolean>,
): Promise<readonly Step[]> {
  const until = performance.now() + boundMs;
  const timely = async (some: readonly Step[]) => performance.now() < until && (await fails(some));
  if (!(await timely(steps))) return steps; // it needs what came before it in other sessions, or is a matter of luck
  const last = steps.slice(-1);
  let few = (await timely(last)) ? last : await reduce(steps, timely);
  for (const [at, step] of few.entries()) {
    if (step.kind === "time") continue;
    const with_ = (bytes: Uint8Array) => few.with(at, { ...step, bytes });
    const short = await reduce([...step.bytes], async (bytes) => await timely(with_(Uint8Array.from(bytes))));
    few = with_(Uint8Array.from(short));
  }
  return few;
}

/** As few items as still fail, leaving out runs of half, a quarter … one of them. */
async function reduce<T>(items: readonly T[], fails: (some: readonly T[]) => Promise<boolean>): Promise<readonly T[]> {
  let few = items;
  for (let size = Math.ceil(items.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < few.length; ) {
      const fewer = [...few.slice(0, at), ...few.slice(at + size)];
      if (fewer.length < few.length && (await fails(fewer))) few = fewer;
      else at += size;
    }
  }
  return few;
}
