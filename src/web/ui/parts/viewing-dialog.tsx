import { useEffect, useRef } from "preact/hooks";
import type { ViewingCard } from "../../api/shapes.ts";
import { price } from "../format.ts";
import { Link } from "../router.tsx";
import { propertyState } from "../words.ts";
import { Icon } from "./icon.tsx";
import { ViewingFacts } from "./viewing-facts.tsx";

/** One viewing in full. The browser keeps the focus inside and closes on Escape. */
export function ViewingDialog({ viewing, close }: { viewing: ViewingCard; close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  const { property, callId } = viewing;
  useEffect(() => dialog.current?.showModal(), []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the click is the backdrop's; Escape is the browser's own
    <dialog
      ref={dialog}
      aria-labelledby="viewing-title"
      onClose={close}
      onClick={(event) => {
        if (event.target === event.currentTarget) event.currentTarget.close(); // the backdrop
      }}
    >
      <div class="dialog-body">
        <button type="button" class="dialog-close" aria-label="Close" onClick={() => dialog.current?.close()}>
          <Icon name="close" />
        </button>
        <h2 id="viewing-title">Viewing</h2>
        <p class="sub">
          {propertyState(property.status)} · {price(property)} · {property.beds}-bed {property.type}
        </p>
        <ViewingFacts viewing={viewing} />
        {typeof callId === "string" && (
          <Link to={`/calls/${encodeURIComponent(callId)}`} class="button is-main is-wide">
            Open the call that booked it
          </Link>
        )}
      </div>
    </dialog>
  );
}
