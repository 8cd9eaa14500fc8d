import { describe, expect, test } from "bun:test";
import { createJitterBuffer } from "../../src/media/jitter-buffer.ts";
import { heardBytes, numbered, receive, seeded, stretches, talk, ticksOf } from "./network.ts";

function allOf(samples: number): number[] {
  return Array.from({ length: samples }, (_, n) => numbered(n));
}

/** From the first sound to the last, how the pulled runs change. */
function shape(pulled: ReturnType<typeof receive>["pulled"]): string {
  const kinds = pulled.flatMap(({ runs }) => runs.map(({ kind }) => kind));
  return kinds.filter((kind, i) => kind !== kinds[i - 1]).join(" ");
}

describe("an even network", () => {
  test("everything is heard once, in order, 20 to 40 ms after it came", () => {
    const { pulled, stored } = receive(
      talk(100, () => 0),
      2500,
    );
    expect(stretches(pulled)).toEqual([[1, 16_000]]);
    expect(stored).toEqual({ stored: 100, duplicate: 0, late: 0 });
    const first = pulled.find(({ runs }) => runs[0]?.kind === "heard");
    expect(first?.atMs).toBe(27);
  });

  test.each([10, 20, 30, 40, 60])("the peer's packets of %d ms fit our frames of 20", (ptimeMs) => {
    const { pulled } = receive(
      talk(600 / ptimeMs, () => 0, { ptimeMs }),
      900,
    );
    expect(stretches(pulled)).toEqual([[1, 4800]]);
    expect(ticksOf(pulled.slice(0, 600 / 20), "lost")).toBe(0);
  });

  test("our frames of 60 ms fit the peer's packets of 20", () => {
    const { pulled } = receive(
      talk(30, () => 0),
      900,
      { ptimeMs: 60 },
    );
    expect(stretches(pulled)).toEqual([[1, 4800]]);
  });

  test("sequence and timestamp wrap unnoticed; sequence 0 is heard", () => {
    const packets = talk(100, () => 0, { sequence: 65_536 - 50, timestamp: 2 ** 32 - 8000 });
    const { pulled, stored } = receive(packets, 2500);
    expect(stretches(pulled)).toEqual([[1, 16_000]]);
    expect(stored.late).toBe(0);
  });
});

describe("a poor network", () => {
  test("a lost packet is a loss of its length at its place, and adds no delay", () => {
    const { pulled } = receive(
      talk(50, (i) => (i === 20 ? undefined : 0)),
      1400,
    );
    expect(heardBytes(pulled)).toEqual([...allOf(20 * 160), ...allOf(50 * 160).slice(21 * 160)]);
    expect(ticksOf(pulled.slice(0, 51), "lost")).toBe(160);
    expect(pulled[30]?.depthTicks).toBe(pulled[10]?.depthTicks as number);
  });

  test("packets in the wrong order are put right, doubles are counted and dropped", () => {
    const swapped = talk(50, (i) => (i % 10 === 5 ? 25 : 0));
    const { pulled, stored } = receive([...swapped, ...swapped.slice(0, 10)], 1400);
    expect(stretches(pulled)).toEqual([[1, 8000]]);
    expect(stored).toEqual({ stored: 50, duplicate: 10, late: 0 });
  });

  test("a stall of 100 ms loses nothing: the stream is held, concealed meanwhile", () => {
    const { pulled, stored } = receive(
      talk(100, (i) => (i >= 50 && i < 55 ? 100 - 20 * (i - 50) : 0)),
      2500,
    );
    expect(stretches(pulled)).toEqual([[1, 16_000]]);
    expect(stored.late).toBe(0);
    expect(shape(pulled.slice(0, 80))).toBe("silent heard lost heard");
  });

  test("the delay won in a stall is given back in quiet, and only there", () => {
    const quietFrom = 120 * 160;
    const byte = (n: number) => (n >= quietFrom ? 0xd5 : numbered(n));
    const delays = (i: number) => (i >= 20 && i < 24 ? 80 - 20 * (i - 20) : 0);
    const { pulled } = receive(talk(260, delays, { byte }), 5100);
    const depth = (atMs: number) => pulled.find((pull) => pull.atMs >= atMs)?.depthTicks ?? 0;
    const heard = heardBytes(pulled);
    expect(heard.slice(0, quietFrom)).toEqual(allOf(quietFrom));
    expect(depth(1000) - depth(300)).toBe(480);
    expect(depth(5000)).toBe(depth(300));
  });

  test("a burst of a second after a stall is cut back to the target: the delay is bounded", () => {
    const { pulled, buffer, stored } = receive(
      talk(200, (i) => (i >= 50 && i < 100 ? 1000 - 20 * (i - 50) : 0)),
      4500,
    );
    expect(Math.max(...pulled.map(({ depthTicks }) => depthTicks))).toBeLessThanOrEqual(3200 + 160);
    expect(buffer.skippedTicks).toBeGreaterThan(0);
    // Each packet was heard, came too late, or is counted as skipped: none is lost without a word.
    expect(heardBytes(pulled).length / 160 + buffer.skippedPackets + stored.late).toBeWithin(199, 201);
    expect(heardBytes(pulled).slice(-160)).toEqual(allOf(32_000).slice(-160));
  });

  test.each([
    [1, 0.02, 10, 0.01],
    [2, 0.05, 30, 0.02],
    [3, 0.1, 60, 0.03],
  ])("seed %d: %d lost, up to %d ms of jitter: what else is missing stays small", (seed, loss, jitterMs, most) => {
    const random = seeded(seed);
    const packets = talk(3000, () => (random() < loss ? undefined : jitterMs * random()));
    const { pulled, stored } = receive(packets, 60_200);
    const arrived = packets.length;
    expect(stored.late / arrived).toBeLessThan(most);
    expect(heardBytes(pulled).length).toBeGreaterThan((1 - most) * 160 * arrived);
  });

  test("a peer whose clock is 500 ppm fast or slow is followed for ten minutes", () => {
    for (const clock of [0.9995, 1.0005]) {
      const byte = (n: number) => (n % 16_000 < 4000 ? 0xd5 : numbered(n)); // half a second of quiet in two
      const { pulled, stored } = receive(
        talk(30_000, () => 0, { clock, byte }),
        599_000,
      );
      expect(Math.max(...pulled.map(({ depthTicks }) => depthTicks))).toBeLessThanOrEqual(800);
      expect(stored.late).toBe(0);
      expect(ticksOf(pulled, "lost")).toBeLessThanOrEqual(8 * 0.0005 * 600_000 + 480);
    }
  });
});

describe("the delay that is its own doing", () => {
  test.each([1, 2, 3, 4, 5])("is known to the tick, whatever the network does (seed %d)", (seed) => {
    const random = seeded(seed);
    let stallMs = 0;
    const packets = talk(2000, () => {
      if (random() < 0.01) stallMs = 600 * random();
      stallMs = Math.max(0, stallMs - 20);
      return random() < 0.03 ? undefined : stallMs + 30 * random();
    });
    const { pulled } = receive(packets, 41_000);
    const places = pulled.flatMap(({ runs: [run], delayTicks }, i) => {
      if (run?.kind !== "heard") return [];
      const sample = (run.sound.payload[run.offset] ?? 0) - 1; // modulo 100
      return [(((160 * i - delayTicks - sample) % 100) + 100) % 100];
    });
    expect(new Set(pulled.map(({ delayTicks }) => delayTicks)).size).toBeGreaterThan(3);
    expect(new Set(places).size).toBe(1);
  });
});

describe("silence suppression", () => {
  test("a pause between talkspurts is silence, not loss, and costs no word at the beginning of the next", () => {
    const first = talk(25, () => 0);
    const second = talk(25, () => 2000, { sequence: 25, timestamp: 25 * 160 + 1500 * 8 }).map((packet) => ({
      ...packet,
      arrivesMs: packet.arrivesMs,
    }));
    const { pulled } = receive([...first, ...second], 3500);
    expect(stretches(pulled)).toEqual([[1, 8000]]);
  });

  test("comfort noise says that silence follows: nothing is concealed", () => {
    const noise = { sequence: 25, timestamp: 4000, marker: false, payload: new Uint8Array(0), arrivesMs: 500 };
    const second = talk(25, () => 1500, { sequence: 26, timestamp: 4000 + 1000 * 8 });
    const { pulled } = receive([...talk(25, () => 0), noise, ...second], 3000);
    const untilEnd = pulled.filter(({ atMs }) => atMs < 2000); // then the talker stops without a word
    expect(ticksOf(untilEnd, "lost")).toBe(0);
    expect(stretches(pulled)).toEqual([[1, 8000]]);
  });

  test("telephone events use up sequence numbers and no sound", () => {
    const events = Array.from({ length: 6 }, (_, i) => ({
      sequence: 25 + i,
      timestamp: 4000,
      marker: i === 0,
      payload: new Uint8Array(0),
      arrivesMs: 500 + 20 * i,
    }));
    const second = talk(25, () => 620, { sequence: 31, timestamp: 4000 + 120 * 8 });
    const { pulled } = receive([...talk(25, () => 0), ...events, ...second], 1400);
    expect(ticksOf(pulled.slice(0, 55), "lost")).toBe(0);
    expect(stretches(pulled)).toEqual([[1, 8000]]);
  });
});

test("a sender whose timestamps leap back goes on being heard", () => {
  const first = talk(25, () => 0, { timestamp: 1_000_000 });
  const second = talk(25, () => 500, { sequence: 25, timestamp: 5 });
  // What was still in hand of the old clock is given up.
  expect(stretches(receive([...first, ...second], 1300).pulled)).toEqual([
    [1, 3840],
    [1, 4000],
  ]);
});

test("reset forgets the stream: another with any numbers begins", () => {
  const buffer = createJitterBuffer(8);
  receive(
    talk(10, () => 0, { sequence: 30_000, timestamp: 900_000 }),
    300,
    { buffer },
  );
  buffer.reset();
  const { pulled, stored } = receive(
    talk(10, () => 0),
    300,
    { buffer },
  );
  expect(stretches(pulled)).toEqual([[1, 1600]]);
  expect(stored.late).toBe(0);
});

test("before the first packet there is silence", () => {
  expect(createJitterBuffer(8).pull(160, 0)).toEqual([{ kind: "silent", ticks: 160 }]);
});
