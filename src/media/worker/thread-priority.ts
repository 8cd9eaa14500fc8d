/** The scheduler's view of this one thread (Linux counts niceness by thread). */
import { dlopen, FFIType } from "bun:ffi";

const ofProcessOrThread = 0;
const callingThread = 0;
/** As sound servers have it. */
const mediaNiceness = -11;

/**
 * Lets this thread go before everything ordinary that wants a core: its packets cannot wait, and it never works for
 * long. It needs the right to do so (LimitNICE of the unit, or root).
 *
 * Not real time (SCHED_RR), which was tried: threads of the JavaScript engine wait for one another by yielding, and a
 * thread of real time that yields to an ordinary one gives it nothing. On two busy cores it then ran on for 100 ms at a
 * time, where niceness was 7 ms late at the worst.
 *
 * @returns Whether the system agreed; without it RTP is as late as a busy machine makes it.
 */
export function preferThisThread(): boolean {
  const libc = dlopen("libc.so.6", {
    setpriority: { args: [FFIType.i32, FFIType.u32, FFIType.i32], returns: FFIType.i32 },
  });
  return libc.symbols.setpriority(ofProcessOrThread, callingThread, mediaNiceness) === 0;
}
