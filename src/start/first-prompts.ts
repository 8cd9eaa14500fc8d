/** What is said word for word is spoken before anybody calls: the most urgent of it before the appliance is ready. */
import { AppError } from "../app-error.ts";
import type { PromptCache } from "../speech/voice/prompt-cache.ts";
import type { Base } from "./base.ts";

/** Before the first call: what is said in danger and first of all. The rest is rendered behind the answers to callers. */
export const promptsBeforeReady = 8;

/** @returns what prepares them once more, where something in them is said otherwise now. */
export async function prepareFirstPrompts(
  { closing, log }: Pick<Base, "closing" | "log">,
  prompts: Pick<PromptCache, "prepare" | "keepOnly" | "status">,
  texts: () => readonly string[],
): Promise<() => void> {
  const stopping = new AbortController();
  await prompts.prepare(texts().slice(0, promptsBeforeReady), stopping.signal);
  const prepareAll = async () => {
    const all = texts();
    await prompts.prepare(all, stopping.signal);
    prompts.keepOnly(all);
    log.info("prompts are prepared", prompts.status());
  };
  const missed = (error: unknown) => {
    if (!stopping.signal.aborted) log.warn("some prompts are not prepared: they are spoken when needed", codeOf(error));
  };
  let rest = prepareAll().catch(missed);
  closing.add("prompts", async () => {
    stopping.abort();
    await rest;
  });
  let isNext = false;
  return () => {
    if (isNext) return; // however many words are changed meanwhile: once more sees to all of them
    isNext = true;
    rest = rest
      .then(() => {
        isNext = false;
        return stopping.signal.aborted ? undefined : prepareAll();
      })
      .catch(missed);
  };
}

const codeOf = (error: unknown) => ({ code: error instanceof AppError ? error.code : "unknown" });
