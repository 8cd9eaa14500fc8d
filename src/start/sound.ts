/** Third stage: hearing and speaking in processes of their own, sound in a Worker, and what is said first. */
import { AppError } from "../app-error.ts";
import type { Config } from "../config/schema.ts";
import { extractNativesBeside } from "../embedded/natives.ts";
import { selfCommand } from "../embedded/self.ts";
import { type MediaClient, startMedia } from "../media/client.ts";
import { codecs } from "../media/codecs.ts";
import { fingerprintOf } from "../media/dtls/certificates.ts";
import { makeDtlsCredentials } from "../media/dtls/identity.ts";
import type { DtlsCredentials, Fingerprint } from "../media/messages.ts";
import { modelsAtStart } from "../models/desk.ts";
import { startSpeech } from "../speech/pool.ts";
import type { Speech } from "../speech/ports.ts";
import { speechSettings } from "../speech/settings.ts";
import { speakable } from "../speech/speakable/speakable.ts";
import { splitClauses } from "../speech/voice/clauses.ts";
import { createPromptCache, type PromptCache } from "../speech/voice/prompt-cache.ts";
import type { Records } from "../store/open-store.ts";
import { openPromptSounds } from "../store/prompt-sounds.ts";
import type { Base } from "./base.ts";
import { voiceIdentity } from "./voice-identity.ts";

export type Sound = {
  speech: Speech;
  media: MediaClient;
  prompts: PromptCache;
  /** Of the certificate that media is keyed with. */
  fingerprint: Fingerprint;
};

/**
 * Ready to hear and to speak when it resolves.
 *
 * @param texts What is said word for word, the most urgent first.
 * @throws AppError: a model is missing or damaged, or no RTP can be received.
 */
export async function startSound(
  base: Base,
  records: Pick<Records, "keys">,
  texts: () => readonly string[],
): Promise<Sound> {
  const { config, closing, log } = base;
  const { data } = config.storage;
  const settings = speechSettings(config.speech, modelsAtStart(data, records.keys));
  const nativeDir = await extractNativesBeside(data);
  const speech = startSpeech({
    nativeDir,
    spawnCommand: selfCommand(["speech"]),
    ...settings,
    lastResort: true,
    log,
  });
  closing.add("speech", () => speech.close());
  const dtls = await makeDtlsCredentials(base.clock());
  const media = await openMedia(base, nativeDir, dtls);
  const rateHz = config.media.codecs.some((codec) => codecs[codec].rateHz === 16_000) ? 16_000 : 8000;
  const store = openPromptSounds(records.keys, data);
  const spokenForm = (text: string) => JSON.stringify(splitClauses(speakable(text)));
  const prompts = createPromptCache(speech, await voiceIdentity(settings.voice), {
    rateHz,
    store,
    spokenForm,
    isOwnVoice: () => speech.health().speaking.state === "works",
  });
  prompts.recall(texts().slice(0, promptsBeforeReady));
  await speech.ready;
  await prepareFirstPrompts(base, prompts, texts());
  return { speech, media, prompts, fingerprint: fingerprintOf(dtls) };
}

async function openMedia(
  { config, closing, log }: Base,
  nativeDir: string,
  dtls: DtlsCredentials,
): Promise<MediaClient> {
  const media = await startMedia(
    {
      kind: "settings",
      nativeDir,
      dtls,
      rtpPorts: config.media.rtpPorts,
      inactivityMs: config.media.inactivitySeconds * 1000,
      speculateAfterMs: 120,
      defaultSilenceMs: 700,
      maxUtteranceMs: 28_000,
    },
    {
      fault: (callId) => log.warn("a fault closed the sound of one call", { callId }),
      died: () => {
        log.warn("the media Worker died; its calls have ended and it is started again");
        media.restart().catch((error: unknown) => log.error("the media Worker cannot be started again", error));
      },
    },
  );
  closing.add("media", () => media.close());
  await tryMediaAddress(media, config);
  return media;
}

/** Before the first call: what is said in danger and first of all. The rest is rendered behind the answers to callers. */
const promptsBeforeReady = 8;

async function prepareFirstPrompts({ closing, log }: Base, prompts: PromptCache, texts: readonly string[]) {
  const stopping = new AbortController();
  await prompts.prepare(texts.slice(0, promptsBeforeReady), stopping.signal);
  const prepareRest = async () => {
    await prompts.prepare(texts, stopping.signal);
    prompts.keepOnly(texts);
    log.info("prompts are prepared", prompts.status());
  };
  const rest = prepareRest().catch((error: unknown) => {
    if (!stopping.signal.aborted) log.warn("some prompts are not prepared: they are spoken when needed", codeOf(error));
  });
  closing.add("prompts", async () => {
    stopping.abort();
    await rest;
  });
}

const codeOf = (error: unknown) => ({ code: error instanceof AppError ? error.code : "unknown" });

/** A call's RTP ports are opened when it comes: whether any can be is asked now, when there is somebody to tell. */
async function tryMediaAddress(media: MediaClient, { media: { address, rtpPorts }, sip }: Config): Promise<void> {
  try {
    await media.open("start", address ?? sip.address);
    media.send({ kind: "close", callId: "start" });
  } catch (cause) {
    const where = address === undefined ? `sip.address ${sip.address}` : `media.address ${address}`;
    const range = rtpPorts === undefined ? "" : ` or no port of media.rtpPorts is free`;
    throw new AppError(
      "invalid_config",
      `No RTP can be received: ${where} is not an address of this machine${range}.`,
      {
        cause,
      },
    );
  }
}
