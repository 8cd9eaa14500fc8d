import { expect, test } from "bun:test";
import { createRecordingTap } from "../../src/media/recording-tap.ts";

function frame(byte: number, samples = 160): Uint8Array {
  return new Uint8Array(samples).fill(byte);
}

test("the fiftieth frame of 20 ms completes a second, both directions side by side", () => {
  const tap = createRecordingTap();
  for (let i = 0; i < 49; i++) expect(tap.add(frame(i), frame(100 + i), "PCMA", 20 * i)).toBeUndefined();
  const chunk = tap.add(frame(49), frame(149), "PCMA", 980);
  expect(chunk).toMatchObject({ sequence: 0, atMs: 0, codec: "PCMA" });
  expect([chunk?.caller.length, chunk?.agent.length]).toEqual([8000, 8000]);
  for (let i = 0; i < 50; i++) expect([chunk?.caller[160 * i], chunk?.agent[160 * i + 159]]).toEqual([i, 100 + i]);
  tap.add(frame(1), frame(2), "PCMA", 1000);
  expect(tap.flush()).toMatchObject({ sequence: 1, atMs: 1000, caller: frame(1), agent: frame(2) });
  expect(tap.flush()).toBeUndefined();
});

test("frames of 30 ms lose no sample at the seam", () => {
  const tap = createRecordingTap();
  const heard: number[] = [];
  for (let i = 0; i < 100; i++) {
    const bytes = Uint8Array.from({ length: 240 }, (_, n) => (240 * i + n) % 251);
    const chunk = tap.add(bytes, bytes, "PCMU", 30 * i);
    if (chunk) heard.push(...chunk.caller);
  }
  heard.push(...(tap.flush()?.caller ?? []));
  expect(heard).toEqual(Array.from({ length: 24_000 }, (_, n) => n % 251));
});

test("a chunk has one codec: a change takes effect with the next", () => {
  const tap = createRecordingTap();
  for (let i = 0; i < 25; i++) tap.add(frame(0xd5), frame(0xd5), "PCMA", 0);
  let chunk: ReturnType<typeof tap.add>;
  for (let i = 0; i < 25; i++) chunk = tap.add(frame(0xff), frame(0xff), "PCMU", 0);
  expect(chunk?.codec).toBe("PCMA");
  expect(new Set(chunk?.caller)).toEqual(new Set([0xd5]));
  tap.add(frame(0xff), frame(0xff), "PCMU", 0);
  expect(tap.flush()?.codec).toBe("PCMU");
});
