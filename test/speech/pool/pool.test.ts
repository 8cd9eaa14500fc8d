/** Real processes: what is asserted is what the operating system and the children do. */
import { afterEach, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AppError } from "../../../src/app-error.ts";
import { ChildGroup } from "../../../src/speech/child-group.ts";
import { startSpeech } from "../../../src/speech/pool.ts";
import type { Speech } from "../../../src/speech/ports.ts";
import { poolSettings } from "./settings.ts";

const never = new AbortController().signal;
const greeting = "Good morning, you have reached Larkspur Lettings.";
const long = "This is one. This is two. This is three. This is four. This is five. This is six.";

const opened: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((each) => each.close()));
});

function open(changes: Parameters<typeof poolSettings>[0] = {}): Speech {
  const speech = startSpeech(poolSettings(changes));
  opened.push(speech);
  return speech;
}

const pidOf = (speech: Speech) => speech.status()[0]?.pid ?? 0;
const kill = (pid: number) => process.kill(pid, "SIGKILL");

async function say(speech: Speech, text: string, signal = never): Promise<Int16Array[]> {
  return await Array.fromAsync(speech.synthesise(text, signal));
}

async function failure(work: Promise<unknown>): Promise<unknown> {
  return await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
}

function codeOf(error: unknown): string {
  return error instanceof AppError ? error.code : String(error);
}

/** Until the process is gone; a process that never goes fails the test by its time limit. */
async function gone(pid: number): Promise<void> {
  while (existsSync(`/proc/${pid}/stat`) && !readFileSync(`/proc/${pid}/stat`, "utf8").includes(") Z "))
    await Bun.sleep(5);
}

/** Until another process than `pid` is ready. */
async function replaced(speech: Speech, pid: number): Promise<number> {
  while (pidOf(speech) === pid || speech.status()[0]?.ready !== true) await Bun.sleep(5);
  return pidOf(speech);
}

test("text becomes 8 kHz clauses from a process of low priority", async () => {
  const speech = open();
  await speech.ready;
  const clauses = await say(speech, "Good morning. It is 10:30.");

  expect(clauses).toHaveLength(2);
  expect(clauses.every((clause) => clause instanceof Int16Array && clause.length > 4000)).toBe(true);
  expect(speech.status()).toMatchObject([
    { kind: "voice", ready: true, restarts: 0, queued: 0, model: "espeak-ng en-gb-x-rp" },
  ]);
  expect(
    readFileSync(`/proc/${pidOf(speech)}/stat`, "utf8")
      .split(") ")[1]
      ?.split(" ")[16],
  ).toBe("10");
  expect(await say(speech, " ... ")).toEqual([]);
});

test("the first clause arrives before the last is made", async () => {
  const speech = open();
  const clauses = speech.synthesise(long, never)[Symbol.asyncIterator]();

  expect((await clauses.next()).value).toBeInstanceOf(Int16Array);
  kill(pidOf(speech)); // from here on nothing more can be made
  const rest = await failure(Array.fromAsync({ [Symbol.asyncIterator]: () => clauses }));
  expect(codeOf(rest)).toBe("speech_failed");
});

test("calls that speak at the same time take turns", async () => {
  const speech = open();
  await speech.ready;
  const order: string[] = [];
  const speak = async (name: string) => {
    for await (const _ of speech.synthesise(long, never)) order.push(name);
  };
  await Promise.all([speak("a"), speak("b")]);

  expect(order.join("")).toBe("ab".repeat(6));
});

test("a child killed in mid-request costs that request only", async () => {
  const speech = open();
  await speech.ready;
  const first = pidOf(speech);
  const running = failure(say(speech, greeting));
  const queued = say(speech, "Yes.");
  kill(first);

  expect(codeOf(await running)).toBe("speech_failed");
  expect(await queued).toHaveLength(1);
  expect(pidOf(speech)).not.toBe(first);
  expect(speech.status()).toMatchObject([{ ready: true, restarts: 1 }]);
});

test("Ctrl-C for the whole group does not end a child", async () => {
  const speech = open();
  await speech.ready;
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.kill(pidOf(speech), signal);

  expect(await say(speech, "Yes.")).toHaveLength(1);
  expect(speech.status()).toMatchObject([{ restarts: 0 }]);
});

test("an aborted text rejects with the signal's reason and leaves the way free", async () => {
  const speech = open();
  await speech.ready;
  const controller = new AbortController();
  const reason = new Error("the caller spoke");
  const spoken: Int16Array[] = [];
  const rejected = await failure(
    (async () => {
      for await (const clause of speech.synthesise(long, controller.signal)) {
        spoken.push(clause);
        controller.abort(reason);
      }
    })(),
  );

  expect(rejected).toBe(reason);
  expect(spoken).toHaveLength(1);
  expect(await failure(say(speech, "Yes.", controller.signal))).toBe(reason);
  expect(await say(speech, "Yes.")).toHaveLength(1);
});

test("a child goes when its parent is killed", async () => {
  const parent = Bun.spawn([process.execPath, join(import.meta.dir, "parent-main.ts")], {
    stdout: "pipe",
    stderr: "ignore",
  });
  const reader = parent.stdout.getReader();
  const child = Number(new TextDecoder().decode((await reader.read()).value));
  expect(existsSync(`/proc/${child}`)).toBe(true);
  parent.kill("SIGKILL");
  await parent.exited;

  await gone(child);
});

test("a damaged model is told with its name, and nothing is started again", async () => {
  const folder = mkdtempSync(join(tmpdir(), "gatehouse-pool-"));
  const file = join(folder, "voice.onnx");
  try {
    writeFileSync(file, "no model");
    writeFileSync(`${file}.json`, readFileSync(join(import.meta.dir, "../../../models/piper-tones/tones.onnx.json")));
    const speech = open({ voice: { engine: "piper", model: { file }, count: 2 } });
    const error = await failure(speech.ready);

    expect(`${codeOf(error)}: ${error}`).toMatch(/^model_damaged: .*voice\.onnx cannot be loaded/);
    expect(codeOf(await failure(say(speech, "Yes.")))).toBe("speech_failed");
    expect(speech.status().every(({ ready, restarts }) => !ready && restarts === 0)).toBe(true);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

const tones = join(import.meta.dir, "../../../models/piper-tones/tones.onnx");

test.each(["missing", "damaged"])(
  "the last resort speaks in place of a voice whose file is %s",
  async (how) => {
    const folder = mkdtempSync(join(tmpdir(), "gatehouse-pool-"));
    const file = join(folder, "voice.onnx");
    try {
      if (how === "damaged") {
        writeFileSync(file, "no model");
        writeFileSync(`${file}.json`, readFileSync(`${tones}.json`));
      }
      const speech = open({ voice: { engine: "piper", model: { file }, count: 1 }, lastResort: true });
      await speech.ready;
      const [said] = await say(speech, greeting);
      const [plain] = await say(open(), greeting);

      expect(said).toEqual(plain ?? new Int16Array(0));
      expect(speech.health()).toMatchObject({ hearing: { state: "off" }, speaking: { state: "last-resort" } });
      expect(speech.health().speaking.failure).toContain("voice.onnx");
      expect(speech.status()[0]?.model).toBe(`espeak-ng in place of ${file}`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  30_000,
);

test("a voice that dies of every clause is replaced by the last resort: the third attempt is spoken", async () => {
  const speech = open({ voice: { engine: "piper", model: { file: tones }, count: 1 }, lastResort: true });
  let pid = 0;
  for (let attempt = 0; attempt < 2; attempt++) {
    pid = await replaced(speech, pid);
    process.kill(pid, "SIGSTOP"); // so that the job is surely in it
    const dying = failure(say(speech, greeting));
    kill(pid); // as a crash in the graph would
    expect(codeOf(await dying)).toBe("speech_failed");
  }

  expect((await say(speech, greeting)).length).toBeGreaterThan(0);
  expect(speech.health().speaking.state).toBe("last-resort");
}, 30_000);

test("deaths with answers in between leave the voice as it is", async () => {
  const speech = open({ voice: { engine: "piper", model: { file: tones }, count: 1 }, lastResort: true });
  let pid = 0;
  for (let death = 0; death < 3; death++) {
    pid = await replaced(speech, pid);
    expect(await say(speech, "Yes.")).toHaveLength(1);
    kill(pid);
  }
  await replaced(speech, pid);

  expect(await say(speech, "Yes.")).toHaveLength(1);
  expect(speech.health().speaking).toEqual({ state: "works" });
}, 30_000);

test("a child that cannot even start is given up after three attempts", async () => {
  const speech = open({ spawnCommand: ["/bin/false"] });

  expect(codeOf(await failure(speech.ready))).toBe("speech_failed");
  expect(speech.status()).toMatchObject([{ ready: false, restarts: 2 }]);
});

test("a command that does not exist is a failure, not a crash", async () => {
  const speech = open({ spawnCommand: ["/nonexistent/gatehouse"] });

  expect(codeOf(await failure(speech.ready))).toBe("speech_failed");
});

test("a job that hangs is ended with its process, which is replaced", async () => {
  const { nativeDir, spawnCommand: command, log } = poolSettings();
  const voice = { engine: "espeak", voice: "en-gb-x-rp" } as const;
  const load = { kind: "load", nativeDir, model: { kind: "voice", voice } } as const;
  const group = new ChildGroup({
    kind: "voice",
    count: 1,
    load,
    model: "",
    command,
    log,
    queueLimit: 2,
    mostJobMs: 1,
    unmeasuredJobMs: 1,
  });
  opened.push(group);
  await group.ready;
  const text = "one two three four five six seven eight nine ten ".repeat(20);
  const hung = failure(
    group.request({ kind: "speak", text, pauseMs: 0, rateHz: 8000 }, { priority: "answer", signal: never }),
  );

  expect(codeOf(await hung)).toBe("speech_failed");
  expect(group.status()).toMatchObject([{ restarts: 1 }]);
}, 30_000);

test("more than the queue holds is refused, the least important first", async () => {
  const { nativeDir, spawnCommand: command, log } = poolSettings();
  const voice = { engine: "espeak", voice: "en-gb-x-rp" } as const;
  const load = { kind: "load", nativeDir, model: { kind: "voice", voice } } as const;
  const group = new ChildGroup({
    kind: "voice",
    count: 1,
    load,
    model: "",
    command,
    log,
    queueLimit: 2,
    mostJobMs: 15_000,
    unmeasuredJobMs: 15_000,
  });
  opened.push(group);
  const job = { kind: "speak", text: "Yes.", pauseMs: 0, rateHz: 8000 } as const;
  const background = [1, 2].map(() => failure(group.request(job, { priority: "background", signal: never })));
  const answer = failure(group.request(job, { priority: "answer", signal: never })); // all before the child is ready

  expect((await Promise.all([...background, answer])).map((error) => error && codeOf(error))).toEqual([
    undefined,
    "too_many",
    undefined,
  ]);
});

test("closing ends the children and whatever still waits", async () => {
  const speech = open();
  await speech.ready;
  const pid = pidOf(speech);
  const running = failure(say(speech, long));
  await speech.close();

  expect(codeOf(await running)).toBe("speech_failed");
  expect(existsSync(`/proc/${pid}`)).toBe(false);
  expect(codeOf(await failure(say(speech, "Yes.")))).toBe("speech_failed");
});

test("Whisper hears in its own child, what the voice said included; an abort leaves it usable", async () => {
  const speech = open({ whisper: { source: { embedded: "models/demo-whisper/" }, precision: "int8", count: 1 } });
  await speech.ready;
  const spoken = await say(speech, "I would like to book a viewing on Saturday.");
  const samples = spoken.flatMap((clause) => [...clause].flatMap((x) => [x / 32_768, x / 32_768]));
  const options = { priority: "answer", signal: never } as const;
  const { text, audioMs, nbest } = await speech.transcribe(Float32Array.from(samples), options);

  expect(text.toLowerCase()).toContain("viewing");
  expect(audioMs).toBeCloseTo(samples.length / 16, -1);
  expect(nbest[0]?.text).toBe(text);

  // With time to search there are further readings; with none there are not.
  const unsure = Float32Array.from(samples, (value, i) => value * 0.05 + ((Math.sin(i * 12.9898) * 43_758) % 1) / 80);
  speech.expect(["14 Maple Road"]);
  const search = (withinMs: number) => speech.transcribe(unsure, { ...options, search: { liftNames: true, withinMs } });
  expect((await search(5_000)).nbest.length).toBeGreaterThan(1);
  expect((await search(0)).nbest).toHaveLength(1);
  // Somebody who waits ends it: both are answered, and the first has not searched for its five seconds.
  const began = performance.now();
  const both = await Promise.all([search(60_000), search(0)]);
  expect(both.map((transcript) => transcript.text === "")).toEqual([false, false]);
  expect(performance.now() - began).toBeLessThan(10_000);

  const controller = new AbortController();
  const aborted = failure(
    speech.transcribe(Float32Array.from(samples), { priority: "speculative", signal: controller.signal }),
  );
  controller.abort(new Error("more speech"));
  expect(String(await aborted)).toContain("more speech");
  expect((await speech.transcribe(Float32Array.from(samples), options)).text).toBe(text);
}, 20_000);

test("who waits goes before what is speculative and under way, which is done later; who begins to wait is not put off", async () => {
  const speech = open({ whisper: { source: { embedded: "models/demo-whisper/" }, precision: "int8", count: 1 } });
  await speech.ready;
  const short = await sixteenK(speech, "Yes please.");
  const long = await sixteenK(speech, "My number is oh seven seven oh oh, nine oh oh, one two three. ".repeat(2));
  const order: string[] = [];
  const hear = async (name: string, samples: Float32Array, options: Partial<Parameters<Speech["transcribe"]>[1]>) => {
    const { text } = await speech.transcribe(samples, { priority: "speculative", signal: never, ...options });
    order.push(name);
    return text;
  };
  const alone = await hear("alone", long, {});
  const guess = hear("guess", long, { owner: "a" });
  const background = hear("background", short, { priority: "background" });
  const waits = hear("waits", short, { priority: "answer", owner: "b" });
  expect((await Promise.all([guess, background, waits]))[0]).toBe(alone); // begun anew, and whole
  expect(order.splice(0)).toEqual(["alone", "waits", "guess", "background"]);

  const urgent = new AbortController();
  const hastened = hear("hastened", long, { owner: "a", urgent: urgent.signal });
  urgent.abort();
  const behind = hear("behind", short, { priority: "answer", owner: "b" });
  await Promise.all([hastened, behind]);
  expect(order.splice(0)).toEqual(["hastened", "behind"]);

  // Asked for often, a guess is finished all the same.
  const stubborn = hear("stubborn", long, {});
  const answers = (async () => {
    for (let i = 0; i < 8; i++) await hear("answer", short, { priority: "answer", owner: "b" });
  })();
  await Promise.all([stubborn, answers]);
  expect(order.indexOf("stubborn")).toBeLessThan(order.length - 1);
}, 20_000);

async function sixteenK(speech: Speech, text: string): Promise<Float32Array> {
  const spoken = await say(speech, text);
  return Float32Array.from(spoken.flatMap((clause) => [...clause].flatMap((x) => [x / 32_768, x / 32_768])));
}

test("a stopped process is found long before the longest job would be over; one that works is left alone", async () => {
  const { nativeDir, spawnCommand: command, log } = poolSettings();
  const voice = { engine: "espeak", voice: "en-gb-x-rp" } as const;
  const load = { kind: "load", nativeDir, model: { kind: "voice", voice } } as const;
  const options = { kind: "voice", count: 1, load, model: "", command, log, queueLimit: 2, mostJobMs: 60_000 } as const;
  const group = new ChildGroup({ ...options, unmeasuredJobMs: 400 });
  opened.push(group);
  await group.ready;
  const text = "one two three four five six seven eight nine ten ".repeat(8);
  expect(
    (await group.request({ kind: "speak", text, pauseMs: 0, rateHz: 8000 }, { priority: "answer", signal: never }))
      .kind,
  ).toBe("spoken");
  expect(group.status()).toMatchObject([{ restarts: 0 }]); // it took longer than the limit, and worked

  process.kill(group.status()[0]?.pid ?? Number.NaN, "SIGSTOP");
  const hung = failure(
    group.request({ kind: "speak", text: "Yes.", pauseMs: 0, rateHz: 8000 }, { priority: "answer", signal: never }),
  );
  expect(codeOf(await hung)).toBe("speech_failed");
  expect(group.status()).toMatchObject([{ restarts: 1 }]);
}, 60_000);
