import { beforeAll, describe, expect, test } from "bun:test";
import { createEchoCanceller } from "../../../src/media/echo/canceller.ts";
import type { VadModel } from "../../../src/media/silero.ts";
import { createMouth } from "../../caller/voice.ts";
import { seeded } from "../network.ts";
import { createSpeakerPhone, type PathKind } from "./echo-path.ts";
import { type Line, loadVad, onsetOf, runSpeakerCall } from "./speaker-call.ts";

const rateHz = 8000;
const greeting = "Thank you for calling Harbour and Lane, this call is recorded. How can I help you today?";
const offer = "We have three properties in Maple Road that you could see this week, one of them with a garden.";
let model: VadModel;
let prompts: Line[];
let answer: Int16Array;
let untilMs: number;

beforeAll(async () => {
  model = await loadVad();
  const agent = await createMouth("gmw/en-GB-x-rp");
  const caller = await createMouth("gmw/en");
  const [first, second] = [agent(greeting), agent(offer)];
  const secondMs = 1500 + first.length / 8;
  prompts = [
    { fromMs: 400, samples: first },
    { fromMs: secondMs, samples: second },
  ];
  untilMs = 20 * Math.ceil((secondMs + second.length / 8 + 1000) / 20);
  answer = caller("Sorry, could it be on Wednesday?");
});

function call(kind: PathKind, returnLossDb: number, delayMs: number, caller: readonly Line[] = []) {
  const phone = createSpeakerPhone({ returnLossDb, delayMs, kind, seed: 1 }, rateHz);
  const canceller = createEchoCanceller(rateHz);
  return { model, canceller, call: { phone, rateHz, agent: prompts, caller, canceller, untilMs } as const };
}

describe("our own voice from a telephone on speaker", () => {
  test.each([
    ["clean", 6, 20, 12],
    ["clean", 20, 300, 12],
    ["clipped", 10, 120, 6],
    ["noisy", 6, 200, 4],
  ] as const)("%s, %d dB down after %d ms, starts no speech and is taken out", async (kind, lossDb, delayMs, least) => {
    const { call: made, canceller } = call(kind, lossDb, delayMs);
    const { startedMs, echoPower, leftPower } = await runSpeakerCall(model, made);
    expect(startedMs).toEqual([]);
    expect(10 * Math.log10(echoPower / leftPower)).toBeGreaterThan(least);
    expect(Math.abs((canceller.stats?.delayMs ?? 0) - delayMs)).toBeLessThan(10);
    expect(Math.abs((canceller.stats?.returnLossDb ?? 0) - lossDb)).toBeLessThan(kind === "clipped" ? 6 : 3);
  });

  test("would start speech without", async () => {
    const { call: made } = call("clean", 20, 120);
    expect((await runSpeakerCall(model, { ...made, canceller: undefined })).startedMs.length).toBeGreaterThan(1);
  });
});

describe("a caller who speaks into it", () => {
  test.each([6, 10, 15, 20])("is heard within 250 ms with an echo %d dB down", async (lossDb) => {
    const line = { fromMs: (prompts[1]?.fromMs ?? 0) + 1310, samples: answer };
    const { startedMs } = await runSpeakerCall(model, call("clean", lossDb, 120, [line]).call);
    expect(startedMs.length).toBe(1);
    expect((startedMs[0] ?? 0) - onsetOf(line, rateHz)).toBeWithin(0, 251);
  });
});

describe("where nothing of ours comes back", () => {
  test("every sample is passed on as it is, and speech begins when it would have", async () => {
    const line = { fromMs: (prompts[1]?.fromMs ?? 0) + 1310, samples: answer };
    const handset = () => call("clean", 200, 20, [line]).call;
    const cleaned = await runSpeakerCall(model, handset());
    const plain = await runSpeakerCall(model, { ...handset(), canceller: undefined });
    expect(cleaned.cleaned).toEqual(cleaned.heard);
    expect(cleaned.startedMs).toEqual(plain.startedMs);
    expect(cleaned.startedMs.length).toBe(1);
  });

  test("nothing is done while we are silent", () => {
    const canceller = createEchoCanceller(rateHz);
    const random = seeded(3);
    for (let i = 0; i < 50; i++) {
      const frame = Int16Array.from({ length: 160 }, () => 60_000 * (random() - 0.5));
      canceller.said(new Int16Array(160));
      expect(canceller.heard(frame)).toEqual({ samples: frame, verdict: "caller" });
      expect(canceller.heard(frame).samples).toBe(frame);
    }
  });
});
