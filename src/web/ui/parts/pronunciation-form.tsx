import { useState } from "preact/hooks";
import type { Pronunciation } from "../../api/shapes.ts";
import { messageOf, put } from "../api.ts";
import { playWord } from "../spoken-word.ts";
import { Trouble } from "./bits.tsx";
import { Icon } from "./icon.tsx";

type FormProps = { entry: Pronunciation; saved: (entry: Pronunciation) => void; isNew: boolean; cancel: () => void };

export const pathOf = (written: string) => `/pronunciations/${encodeURIComponent(written)}`;

const hints: Record<Pronunciation["kind"], string> = {
  respelling: "Other spelling that is read right: beaver, chumley, lester.",
  phonemes: "IPA, such as /ˈbiːvə/, or espeak's own letters, such as b'i:v@.",
};

/** One word, to be heard before it is saved. */
export function PronunciationForm({ entry, saved, isNew, cancel }: FormProps) {
  const [written, setWritten] = useState(entry.written);
  const [kind, setKind] = useState(entry.kind);
  const [said, setSaid] = useState(entry.said);
  const [trouble, setTrouble] = useState<string>();
  const [busy, setBusy] = useState<"saying" | "saving">();
  const now = { written: written.trim(), kind, said: said.trim() };
  const isWhole = now.written !== "" && now.said !== "";
  const attempt = async (what: "saying" | "saving", work: () => Promise<void>) => {
    setBusy(what);
    setTrouble(undefined);
    await work().catch((error: unknown) => setTrouble(messageOf(error)));
    setBusy(undefined);
  };
  const save = () =>
    attempt("saving", async () => saved(await put<Pronunciation>(pathOf(now.written), { kind, said: now.said })));
  return (
    <form
      class="word-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (busy === undefined) void save();
      }}
    >
      {trouble !== undefined && <Trouble message={trouble} />}
      <div class="word-fields">
        <div class="field">
          <label for="word-written">Word or phrase</label>
          <input
            id="word-written"
            required
            maxLength={60}
            readOnly={!isNew}
            autocomplete="off"
            value={written}
            onInput={(event) => setWritten(event.currentTarget.value)}
          />
        </div>
        <div class="field">
          <label for="word-said">How it is said</label>
          <input
            id="word-said"
            required
            maxLength={80}
            autocomplete="off"
            spellcheck={false}
            aria-describedby="word-hint"
            value={said}
            onInput={(event) => setSaid(event.currentTarget.value)}
          />
        </div>
      </div>
      <fieldset class="word-kind">
        <legend>Written as</legend>
        {(["respelling", "phonemes"] as const).map((each) => (
          <label key={each}>
            <input type="radio" name="word-kind" checked={kind === each} onChange={() => setKind(each)} />
            {each === "respelling" ? "Other spelling" : "Phonemes"}
          </label>
        ))}
      </fieldset>
      <p id="word-hint" class="hint">
        {hints[kind]}
      </p>
      <div class="word-actions">
        <button
          type="button"
          class="button"
          disabled={!isWhole || busy !== undefined}
          onClick={() => void attempt("saying", () => playWord(now))}
        >
          <Icon name="play" />
          {busy === "saying" ? "Saying it…" : "Say it"}
        </button>
        <span class="word-end">
          {!isNew && (
            <button type="button" class="button" onClick={cancel}>
              Cancel
            </button>
          )}
          <button type="submit" class="button is-main" disabled={!isWhole || busy !== undefined}>
            {busy === "saving" ? "Saving…" : "Save"}
          </button>
        </span>
      </div>
    </form>
  );
}
