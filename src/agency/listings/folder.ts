/** Which files of a watched folder are to be read now. Pure: `look` is given what the folder shows. */

export type FileSeen = { name: string; bytes: number; changedMs: number };

/** What the looks before have shown. `handled`: read since it last changed. */
export type Watch = ReadonlyMap<string, { bytes: number; changedMs: number; handled: boolean }>;

export const newWatch = (): Watch => new Map();

const isList = ({ name }: FileSeen) => /^[^.\p{Cc}][^\p{Cc}]*\.(blm|csv|txt)$/iu.test(name);

/**
 * A file is ready when it looks as it did at the look before: whoever was writing it has finished, or pauses (a BLM that
 * was cut off is refused by its missing end, and read again once it has grown).
 * @returns `ready`: oldest first, as the newest list is the one that counts; taken as handled until `unhandled`.
 */
export function look(watch: Watch, files: readonly FileSeen[]): { watch: Watch; ready: string[] } {
  const next = new Map<string, { bytes: number; changedMs: number; handled: boolean }>();
  const ready: FileSeen[] = [];
  for (const file of files.filter(isList)) {
    const { name, bytes, changedMs } = file;
    const before = watch.get(name);
    const rests = before?.bytes === bytes && before.changedMs === changedMs;
    if (rests && !before.handled) ready.push(file);
    next.set(name, { bytes, changedMs, handled: rests });
  }
  ready.sort((a, b) => a.changedMs - b.changedMs || (a.name < b.name ? -1 : 1));
  return { watch: next, ready: ready.map(({ name }) => name) };
}

/** It is to be tried again at the next look. */
export const unhandled = (watch: Watch, name: string): Watch => marked(watch, name, false);
export const handled = (watch: Watch, name: string): Watch => marked(watch, name, true);

function marked(watch: Watch, name: string, done: boolean): Watch {
  const file = watch.get(name);
  return file === undefined ? watch : new Map(watch).set(name, { ...file, handled: done });
}
