/** Passwords: argon2id, one at a time, and what a password must be. */
import { AppError } from "../app-error.ts";

export interface Passwords {
  /** @throws AppError("too_many") if too many are waiting already. */
  hash(password: string): Promise<string>;
  /**
   * @param stored PHC string; undefined where there is no such account: the work done is the same, the answer false.
   * @throws AppError("too_many") if too many are waiting already.
   */
  verify(password: string, stored: string | undefined): Promise<boolean>;
}

/** OWASP's and RFC 9106's range; about 0.1 s on the office server. */
const cost = { algorithm: "argon2id", memoryCost: 64 * 1024, timeCost: 3 } as const;

/** Each takes 64 MiB and a core for 0.1 s, and calls come first: one at a time, and no long queue behind it. */
const waitingAtMost = 8;

export const passwordLength = { least: 12, most: 256 } as const;

export function createPasswords(): Passwords {
  const decoy = decoyHash();
  let waiting = 0;
  let last: Promise<unknown> = Promise.resolve();

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (waiting >= waitingAtMost)
      throw new AppError("too_many", "Too many people are signing in. Try again in a moment.");
    waiting += 1;
    const result = last.then(work).finally(() => {
      waiting -= 1;
    });
    last = result.catch(() => undefined); // the failure is the caller's; the next in turn goes on
    return result;
  }

  return {
    hash: async (password) => await inTurn(() => Bun.password.hash(normalised(password), cost)),
    verify: async (password, stored) => {
      const matches = await inTurn(() => Bun.password.verify(normalised(password), stored ?? decoy));
      return matches && stored !== undefined;
    },
  };
}

/** What is wrong with a new password, as a sentence to show; undefined if nothing. Length counts most (NIST SP 800-63B). */
export function passwordFault(password: string, email: string): string | undefined {
  const { least, most } = passwordLength;
  const letters = [...normalised(password)];
  if (letters.length < least) return `Use at least ${least} characters: three or four unrelated words are good.`;
  if (letters.length > most) return `Use at most ${most} characters.`;
  if (new Set(letters).size < 5) return "Use more different characters.";
  const flat = password.toLowerCase();
  const name = email.toLowerCase().split("@")[0] ?? "";
  if (name.length >= 4 && flat.includes(name)) return "Leave your e-mail address out of the password.";
  if (/^(?:gatehouse|password|passw0rd|qwerty|letmein|welcome|123456789)[\W\d_]*$/.test(flat)) {
    return "That password is among the first to be guessed.";
  }
  return undefined;
}

/** One keyboard sends é as one character, another as two (NIST SP 800-63B §5.1.1.2: normalise before hashing). */
const normalised = (password: string) => password.normalize("NFC");

/** A hash that no password has, of the same cost. */
function decoyHash(): string {
  const random = (bytes: number) => Buffer.from(crypto.getRandomValues(new Uint8Array(bytes))).toString("base64");
  const bare = (text: string) => text.replace(/=+$/, "");
  return `$argon2id$v=19$m=${cost.memoryCost},t=${cost.timeCost},p=1$${bare(random(32))}$${bare(random(32))}`;
}
