import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { messageOf } from "../api.ts";
import { Trouble } from "./bits.tsx";

type Asked = { title: string; yes: string; children: ComponentChildren; act: () => Promise<void>; close: () => void };

/** Asks before something is switched. The browser keeps the focus inside and closes on Escape. */
export function ConfirmDialog({ title, yes, children, act, close }: Asked) {
  const dialog = useRef<HTMLDialogElement>(null);
  const [isBusy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string>();
  useEffect(() => dialog.current?.showModal(), []);
  const confirm = async () => {
    setBusy(true);
    try {
      await act();
      dialog.current?.close();
    } catch (error) {
      setTrouble(messageOf(error));
      setBusy(false);
    }
  };
  return (
    <dialog ref={dialog} aria-labelledby="confirm-title" onClose={close}>
      <div class="dialog-body">
        <h2 id="confirm-title">{title}</h2>
        <p>{children}</p>
        {trouble !== undefined && <Trouble message={trouble} />}
        <div class="dialog-actions">
          <button type="button" class="button" onClick={() => dialog.current?.close()}>
            Cancel
          </button>
          <button type="button" class="button is-main" disabled={isBusy} onClick={confirm}>
            {yes}
          </button>
        </div>
      </div>
    </dialog>
  );
}
