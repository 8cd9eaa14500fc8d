import type { ContactRecords } from "../agency/ports.ts";
import type { Contact } from "../agency/types.ts";
import type { Store } from "./connection.ts";

export type Contacts = ContactRecords & {
  put(contact: Contact): void;
  addRole(contactId: string, role: string, propertyId: string): void;
  /** By name. */
  list(limit: number): Contact[];
};

type Row = Omit<Contact, "email"> & { email: string | null };

/** Runs inside the caller's transaction. */
export function contactRepository({ db }: Store): Contacts {
  const byPhone = db.prepare<[string], Row>(
    "SELECT id, name, phone, email FROM contact WHERE phone = ? ORDER BY rowid",
  );
  const add = db.prepare<[Row]>("INSERT INTO contact (id, name, phone, email) VALUES (@id, @name, @phone, @email)");
  const put = db.prepare<[Row]>(
    `INSERT INTO contact (id, name, phone, email) VALUES (@id, @name, @phone, @email)
     ON CONFLICT (id) DO UPDATE SET name = excluded.name, phone = excluded.phone, email = excluded.email`,
  );
  const addRole = db.prepare<[string, string, string]>(
    "INSERT OR IGNORE INTO contact_role (contact_id, role, property_id) VALUES (?, ?, ?)",
  );
  const inRole = db.prepare<[string, string], Row>(
    `SELECT id, name, phone, email FROM contact JOIN contact_role ON contact_role.contact_id = contact.id
     WHERE property_id = ? AND role IN (SELECT value FROM json_each(?)) ORDER BY contact.rowid`,
  );
  const list = db.prepare<[number], Row>("SELECT id, name, phone, email FROM contact ORDER BY name, id LIMIT ?");
  return {
    byPhone: (phone) => byPhone.all(phone).map(contactOf),
    inRole: (propertyId, roles) => inRole.all(propertyId, JSON.stringify(roles)).map(contactOf),
    add: (contact) => void add.run(rowOf(contact)),
    put: (contact) => void put.run(rowOf(contact)),
    addRole: (contactId, role, propertyId) => void addRole.run(contactId, role, propertyId),
    list: (limit) => list.all(limit).map(contactOf),
  };
}

const contactOf = ({ email, ...row }: Row): Contact => ({ ...row, email: email ?? undefined });
const rowOf = ({ email, ...contact }: Contact): Row => ({ ...contact, email: email ?? null });
