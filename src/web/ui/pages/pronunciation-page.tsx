import { useRef, useState } from "preact/hooks";
import type { KeptPronunciation, Pronunciation, PronunciationList } from "../../api/shapes.ts";
import { get, messageOf, remove } from "../api.ts";
import { useLoaded } from "../load.ts";
import { Empty, PageHead, Shown, Trouble } from "../parts/bits.tsx";
import { ConfirmDialog } from "../parts/confirm-dialog.tsx";
import { Icon } from "../parts/icon.tsx";
import { PronunciationForm, pathOf } from "../parts/pronunciation-form.tsx";
import { playWord } from "../spoken-word.ts";

type Editing = { entry: Pronunciation; isNew: boolean; round: number };
const nothing: Pronunciation = { written: "", kind: "respelling", said: "" };

/** How the voice says names: a list that managers keep. */
export function PronunciationPage() {
  const [changes, change] = useState(0);
  const [editing, setEditing] = useState<Editing>({ entry: nothing, isNew: true, round: 0 });
  const [notice, setNotice] = useState<string>();
  const form = useRef<HTMLElement>(null);
  const list = useLoaded("pronunciations", (signal) => get<PronunciationList>("/pronunciations", signal), changes);
  const edit = (entry: Pronunciation, isNew: boolean) => {
    setNotice(undefined);
    setEditing(({ round }) => ({ entry, isNew, round: round + 1 }));
    form.current?.querySelector<HTMLInputElement>("#word-said")?.focus();
    form.current?.scrollIntoView({ block: "nearest" });
  };
  const done = (words: string) => {
    edit(nothing, true);
    setNotice(words);
    change((before) => before + 1);
  };
  return (
    <>
      <PageHead title="Pronunciation" sub="Names that the voice would say wrong, and how they are said" />
      <section class="panel" ref={form} aria-label={editing.isNew ? "Add a word" : `Change ${editing.entry.written}`}>
        <h2>{editing.isNew ? "Add a word" : `Change “${editing.entry.written}”`}</h2>
        {notice !== undefined && <output class="notice is-good">{notice}</output>}
        <PronunciationForm
          key={editing.round}
          entry={editing.entry}
          isNew={editing.isNew}
          cancel={() => edit(nothing, true)}
          saved={({ written }) => done(`Saved. From the next sentence on “${written}” is said so.`)}
        />
      </section>
      <Shown of={list}>
        {({ entries, suggestions }) => (
          <>
            <section class="panel">
              <h2>Your words</h2>
              {entries.length === 0 ? (
                <Empty icon="note" title="No words yet">
                  The voice says every name by the rules of English. Add those that it gets wrong.
                </Empty>
              ) : (
                <Words
                  entries={entries}
                  edit={(entry) => edit(entry, false)}
                  removed={(word) => done(`“${word}” is removed.`)}
                />
              )}
            </section>
            <Suggestions entries={suggestions} choose={(entry) => edit(entry, true)} />
          </>
        )}
      </Shown>
    </>
  );
}

type WordsProps = {
  entries: KeptPronunciation[];
  edit: (entry: Pronunciation) => void;
  removed: (word: string) => void;
};

function Words({ entries, edit, removed }: WordsProps) {
  const [leaving, leave] = useState<string>();
  const [trouble, setTrouble] = useState<string>();
  const say = (entry: Pronunciation) => {
    setTrouble(undefined);
    playWord(entry).catch((error: unknown) => setTrouble(messageOf(error)));
  };
  return (
    <>
      {trouble !== undefined && <Trouble message={trouble} />}
      <ul class="words">
        {entries.map((entry) => (
          <li key={entry.written}>
            <strong>{entry.written}</strong>
            <span class={entry.kind === "phonemes" ? "word-said is-phonemes" : "word-said"}>{entry.said}</span>
            <span class="word-end">
              <button type="button" class="button" aria-label={`Say ${entry.written}`} onClick={() => say(entry)}>
                <Icon name="play" />
                Say it
              </button>
              <button type="button" class="button" aria-label={`Edit ${entry.written}`} onClick={() => edit(entry)}>
                Edit
              </button>
              <button
                type="button"
                class="button"
                aria-label={`Remove ${entry.written}`}
                onClick={() => leave(entry.written)}
              >
                Remove
              </button>
            </span>
          </li>
        ))}
      </ul>
      {leaving !== undefined && (
        <ConfirmDialog
          title={`Remove “${leaving}”?`}
          yes="Remove it"
          close={() => leave(undefined)}
          act={async () => {
            await remove(pathOf(leaving));
            removed(leaving);
          }}
        >
          The voice says it by the rules of English again.
        </ConfirmDialog>
      )}
    </>
  );
}

function Suggestions({ entries, choose }: { entries: Pronunciation[]; choose: (entry: Pronunciation) => void }) {
  if (entries.length === 0) return null;
  return (
    <section class="panel">
      <h2>British names, for a start</h2>
      <p class="hint">Said otherwise than written. Choose one to hear it and add it.</p>
      <ul class="suggested">
        {entries.map((entry) => (
          <li key={entry.written}>
            <button type="button" class="button" onClick={() => choose(entry)}>
              {entry.written} <span class="word-said">{entry.said}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
