/** Whose sound a frame is: the caller's (or nobody's), ours, or not to be told yet. */
export type Verdict = "caller" | "echo" | "unsure";
