import { useState } from "preact/hooks";
import type { ContactRow } from "../../api/shapes.ts";
import { post } from "../api.ts";
import { phone } from "../format.ts";
import { useLoaded } from "../load.ts";
import { Empty, PageHead, Shown } from "../parts/bits.tsx";
import { Link } from "../router.tsx";

const mostShown = 200;

/** Looks somebody up. What is looked for stays out of the address bar and its history. */
export function ContactsPage() {
  const [typed, setTyped] = useState("");
  const [text, setText] = useState("");
  const list = useLoaded(`contacts ${text}`, () =>
    post<{ contacts: ContactRow[] }>("/contacts/find", { text, limit: mostShown }),
  );
  return (
    <>
      <PageHead title="Contacts" sub="Everybody who rang and left a name, and whom the agency knows" />
      <search>
        <form
          class="find"
          onSubmit={(event) => {
            event.preventDefault();
            setText(typed.trim());
          }}
        >
          <div class="field">
            <label for="find-text">Name or number</label>
            <input
              id="find-text"
              maxLength={100}
              autocomplete="off"
              value={typed}
              onInput={(event) => setTyped(event.currentTarget.value)}
            />
          </div>
          <button type="submit" class="button is-main">
            Find
          </button>
        </form>
      </search>
      <Shown of={list}>
        {({ contacts }) =>
          contacts.length === 0 ? (
            <Empty icon="people" title={text === "" ? "No contacts yet" : "Nobody found"}>
              {text === "" ? "Callers who leave a name are listed here." : "Try a part of the name or of the number."}
            </Empty>
          ) : (
            <>
              <ul class="contact-list" aria-label="Contacts">
                {contacts.map((contact) => (
                  <li key={contact.id} class="contact-item">
                    <Link to={`/contacts/${encodeURIComponent(contact.id)}`} class="contact-link">
                      {contact.name || "Without a name"}
                    </Link>
                    <span class="soft">{phone(contact.phone)}</span>
                  </li>
                ))}
              </ul>
              {contacts.length === mostShown && <p class="hint">Only the first {mostShown}: narrow it down above.</p>}
            </>
          )
        }
      </Shown>
    </>
  );
}
