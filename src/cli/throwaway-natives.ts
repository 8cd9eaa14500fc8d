/** Native libraries for a command that has no data folder: on the disk as long as the command runs. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { extractOnnxRuntime } from "../embedded/natives.ts";

const endings = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/**
 * Gives `use` the folder with ONNX Runtime, for `loadOnnxRuntime`. The folder is ours alone (0700) and is removed at the
 * end, on an error and on Ctrl-C as well; TMPDIR must not be mounted noexec.
 */
export async function withNatives<T>(use: (nativeDir: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-native-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const stops = Object.entries(endings).map(([signal, code]) => ({
    signal: signal as keyof typeof endings,
    stop: () => {
      remove();
      process.exit(code);
    },
  }));
  for (const { signal, stop } of stops) process.once(signal, stop);
  try {
    return await use(extractOnnxRuntime(folder));
  } finally {
    for (const { signal, stop } of stops) process.off(signal, stop);
    remove();
  }
}
