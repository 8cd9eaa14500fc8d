/** Third stage: hearing and speaking in processes of their own, sound in a Worker, and what is said first. */
import { AppError, type ErrorCode } from "../app-error.ts";
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
import { createPromptCache, type PromptCache } from "../speech/voice/prompt-cache.ts";
import type { Records } from "../store/open-store.ts";
import { openPromptSounds } from "../store/prompt-sounds.ts";
import type { Base } from "./base.ts";
import { prepareFirstPrompts, promptsBeforeReady } from "./first-prompts.ts";
import { voiceIdentity } from "./voice-identity.ts";

export type Sound = {
  speech: Speech;
  media: MediaClient;
  prompts: PromptCache;
  /** The agency's lexicon is another: it is obeyed from the next text on, and fixed prompts are spoken anew behind callers. */
  pronunciationsChanged(): void;
  /** Of the certificate that media is keyed with. */
  fingerprint: Fingerprint;
};

/**
 * Ready to speak when it resolves, and to hear unless the model does not work.
 *
 * @param texts What is said word for word, the most urgent first.
 * @throws AppError: a model is not there, no voice can speak, or no RTP can be received.
 */
export async function startSound(
  base: Base,
  records: Pick<Records, "keys" | "pronunciations">,
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
  let told = "";
  /** @returns whether they are others than before. */
  const pronounce = () => {
    const entries = records.pronunciations.all();
    const before = told;
    told = JSON.stringify(entries);
    if (told !== before) speech.pronounce(entries);
    return told !== before;
  };
  pronounce();
  const spokenForm = (text: string) => speech.spokenForm(text);
  const prompts = createPromptCache(speech, await voiceIdentity(settings.voice), {
    rateHz,
    store,
    spokenForm,
    isOwnVoice: () => speech.health().speaking.state === "works",
  });
  prompts.recall(texts().slice(0, promptsBeforeReady));
  await speech.readyToSpeak;
  const { speaking } = speech.health();
  if (speaking.state !== "works")
    log.warn("espeak-ng speaks in place of the configured voice", { why: speaking.failure });
  await readyToHear(base, speech);
  const prepareAgain = await prepareFirstPrompts(base, prompts, texts);
  const pronunciationsChanged = () => {
    if (pronounce()) prepareAgain();
  };
  return { speech, media, prompts, pronunciationsChanged, fingerprint: fingerprintOf(dtls) };
}

/**
 * A model that is not where the configuration says is a wrong configuration, and whoever starts us is there to correct
 * it. One that is there and does not work may have been damaged since, with nobody there: then calls are taken by keys
 * (docs/decisions/0009-graceful-loss.md), and the log, status and the web page say so.
 */
async function readyToHear({ log }: Base, speech: Speech): Promise<void> {
  try {
    await speech.readyToHear;
    if (speech.health().hearing.state === "off") log.warn("callers are served by keys: no model to hear them with");
  } catch (error) {
    if (error instanceof AppError && wrongConfiguration.has(error.code)) throw error;
    const why = error instanceof AppError ? error.message : undefined; // of files and settings: no caller has spoken yet
    log.error("callers are served by keys: the model to hear them with does not work", error, { why });
  }
}

const wrongConfiguration: ReadonlySet<ErrorCode> = new Set(["model_missing", "invalid_config"]);

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
