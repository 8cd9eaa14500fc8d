/**
 * Loaded into the executable by BUN_OPTIONS=--preload, which only a test can do (the unit file removes the variable):
 * blocks the main thread of `gatehouse serve` for BLOCK_MS of every 200 ms by running. Its Workers and children go on.
 */
const blockMs = Number(process.env.BLOCK_MS ?? 0);
const everyMs = 200;

delete process.env.BUN_OPTIONS; // not for the children
if (Bun.isMainThread && process.argv.includes("serve") && blockMs > 0) {
  setInterval(() => {
    for (const until = performance.now() + blockMs; performance.now() < until; );
  }, everyMs).unref();
}
