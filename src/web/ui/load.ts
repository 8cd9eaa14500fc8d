/** Something loaded from the server, for one component. */
import { useEffect, useRef, useState } from "preact/hooks";
import { messageOf } from "./api.ts";

export type Loaded<T> = { kind: "loading" } | { kind: "loaded"; value: T } | { kind: "failed"; message: string };

/**
 * Loads when mounted and whenever `key` changes; what was loaded for another key is not shown meanwhile.
 * `again` changing loads in the background: what is shown stays until the new is there.
 */
export function useLoaded<T>(
  key: string,
  load: (signal: AbortSignal, background: boolean) => Promise<T>,
  again = 0,
): Loaded<T> {
  const [state, setState] = useState<{ key: string; loaded: Loaded<T> }>({ key, loaded: { kind: "loading" } });
  const shownKey = useRef<string | undefined>(undefined);
  useEffect(() => {
    const controller = new AbortController();
    const background = shownKey.current === key;
    load(controller.signal, background).then(
      (value) => {
        shownKey.current = key;
        setState({ key, loaded: { kind: "loaded", value } });
      },
      (error: unknown) => {
        if (!controller.signal.aborted && !background) {
          setState({ key, loaded: { kind: "failed", message: messageOf(error) } });
        }
      },
    );
    return () => controller.abort();
  }, [key, again]);
  return state.key === key ? state.loaded : { kind: "loading" };
}
