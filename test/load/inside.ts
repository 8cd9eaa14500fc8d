/**
 * Loaded into the executable by BUN_OPTIONS=--preload, which only a test can do (the unit file removes the variable).
 * BLOCK_MS: blocks the main thread of `gatehouse serve` for so long of every 200 ms, by running; its Workers and children
 * go on. SIGUSR2: collects garbage, so that two looks at the heap can be compared.
 */
const blockMs = Number(process.env.BLOCK_MS ?? 0);
const everyMs = 200;

delete process.env.BUN_OPTIONS; // not for the children
if (Bun.isMainThread && process.argv.includes("serve")) {
  process.on("SIGUSR2", () => Bun.gc(true));
  if (blockMs > 0) {
    setInterval(() => {
      for (const until = performance.now() + blockMs; performance.now() < until; );
    }, everyMs).unref();
  }
}
