/**
 * Who may be called by us: the one place that says so. Whatever begins a dialog, or sends a caller elsewhere, needs an
 * `AllowedTarget`, and only `find` makes one: of an extension that the configuration names, byte by byte.
 */
import type { OutboundSettings } from "../leg-ports.ts";

/** As it stands in a Request-URI's user part, unescaped, so that no two spellings mean one extension. */
const extension = /^[0-9*#A-Za-z._+-]{1,32}$/;

/** An extension that a trunk may call. `isAllowed` knows those that `find` made from all that look like one. */
export type AllowedTarget = { readonly trunk: string; readonly extension: string };

export interface AllowList {
  /** Undefined: it may not be called. */
  find(trunk: string, extension: string): AllowedTarget | undefined;
  settingsOf(trunk: string): OutboundSettings | undefined;
}

const made = new WeakSet<AllowedTarget>();

/** @throws RangeError for an extension that no configuration should have let through. */
export function createAllowList(settings: readonly OutboundSettings[]): AllowList {
  const byTrunk = new Map(settings.map((one) => [one.trunk, one]));
  for (const { extensions, identity } of settings) {
    if (![...extensions, identity].every(isExtension)) throw new RangeError("an extension has other characters");
  }
  return {
    find(trunk, wanted) {
      // What is no extension is refused also where the list has it: the list may have come by another way.
      if (!isExtension(wanted)) return undefined;
      const named = byTrunk.get(trunk)?.extensions.find((one) => one === wanted);
      if (named === undefined) return undefined;
      const target: AllowedTarget = Object.freeze({ trunk, extension: named });
      made.add(target);
      return target;
    },
    settingsOf: (trunk) => byTrunk.get(trunk),
  };
}

export function isAllowed(target: AllowedTarget): boolean {
  return made.has(target);
}

function isExtension(text: unknown): boolean {
  return typeof text === "string" && extension.test(text);
}
