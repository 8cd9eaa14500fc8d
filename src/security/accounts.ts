/** The people who use the web pages. */
import { AppError } from "../app-error.ts";
import type { Database } from "../store/connection.ts";
import { isGranted, type Permission, type Role } from "./roles.ts";

export type Account = {
  id: string;
  role: Role;
  /** In lower case. Undefined, like the hash, until the person has chosen both. */
  email: string | undefined;
  passwordHash: string | undefined;
};

/** An account that has no password yet may do nothing but choose one. */
export function may(account: Account, permission: Permission): boolean {
  return account.passwordHash !== undefined && isGranted(account.role, permission);
}

export interface AccountRepository {
  add(account: { id: string; role: Role }, now: Date): Account;
  byId(id: string): Account | undefined;
  byEmail(email: string): Account | undefined;
  /** @throws AppError("conflict") if another account has that e-mail. */
  setCredentials(id: string, email: string, passwordHash: string): void;
  /** Those who opened a link, never chose a password and cannot come back. */
  removeUnfinished(): void;
}

type AccountRow = { id: string; role: Role; email: string | null; password_hash: string | null };

const fromRow = (row: AccountRow): Account => ({
  id: row.id,
  role: row.role,
  email: row.email ?? undefined,
  passwordHash: row.password_hash ?? undefined,
});

/** One address, one account, however it is typed. */
export const normalisedEmail = (email: string) => email.trim().normalize("NFKC").toLowerCase();

export function accountRepository(db: Database): AccountRepository {
  const insert = db.prepare<[string, string, string]>("INSERT INTO account (id, role, created_at) VALUES (?, ?, ?)");
  const byId = db.prepare<[string], AccountRow>("SELECT * FROM account WHERE id = ?");
  const byEmail = db.prepare<[string], AccountRow>("SELECT * FROM account WHERE email = ?");
  const update = db.prepare<[string, string, string]>("UPDATE account SET email = ?, password_hash = ? WHERE id = ?");
  const prune = db.prepare("DELETE FROM account WHERE email IS NULL AND id NOT IN (SELECT account_id FROM session)");
  return {
    add({ id, role }, now) {
      insert.run(id, role, now.toISOString());
      return { id, role, email: undefined, passwordHash: undefined };
    },
    byId(id) {
      const row = byId.get(id);
      return row && fromRow(row);
    },
    byEmail(email) {
      const row = byEmail.get(normalisedEmail(email));
      return row && fromRow(row);
    },
    setCredentials(id, email, passwordHash) {
      const taken = byEmail.get(normalisedEmail(email));
      if (taken !== undefined && taken.id !== id) {
        throw new AppError("conflict", "Another account has this e-mail address. Sign in with it, or use another one.");
      }
      update.run(normalisedEmail(email), passwordHash, id);
    },
    removeUnfinished: () => {
      prune.run();
    },
  };
}
