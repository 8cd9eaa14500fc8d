/** What a process holds in memory of callers and keys must not come to lie on the disk, nor before other users. */
import { dlopen, FFIType } from "bun:ffi";

const { i32, ptr, u64 } = FFIType;
const setDumpable = 4; // PR_SET_DUMPABLE, prctl(2)
const coreSize = 4; // RLIMIT_CORE, getrlimit(2)

/**
 * No core dump, neither as a file (limit 0, inherited by children) nor piped to the system's collector, which the limit
 * does not bind (core(5)); other processes of the same user may not read our memory. Files that we or a library make
 * are for us alone.
 */
export function keepMemoryOffTheDisk(): void {
  process.umask(0o077);
  const library = dlopen("libc.so.6", {
    setrlimit: { args: [i32, ptr], returns: i32 },
    prctl: { args: [i32, u64, u64, u64, u64], returns: i32 },
  });
  library.symbols.setrlimit(coreSize, new BigUint64Array([0n, 0n]));
  library.symbols.prctl(setDumpable, 0n, 0n, 0n, 0n);
  library.close();
}
