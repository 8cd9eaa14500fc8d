/** Gives memory that work has left behind back to the machine. Takes some 20 ms: for when there is nothing to do. */
import { dlopen, FFIType } from "bun:ffi";

/** Objects that nobody has any more; then what the C library keeps in hand, of which ONNX Runtime leaves much. */
export function tidyMemory(): void {
  Bun.gc(true);
  trim?.();
}

const trim = openTrim();

/** glibc's malloc_trim(3); other C libraries have none. */
function openTrim(): (() => void) | undefined {
  if (process.platform !== "linux") return undefined;
  try {
    const { symbols } = dlopen("libc.so.6", { malloc_trim: { args: [FFIType.u64], returns: FFIType.i32 } });
    return () => void symbols.malloc_trim(0);
  } catch {
    return undefined; // not glibc
  }
}
