/**
 * The whole appliance, wired: its stages, in the order in which they start. Each lies in start/ and opens one part; what
 * is open is closed in reverse order. People are let in first, callers last: once we can hear and speak.
 */
import { createAgencyView } from "./agency/agency-view.ts";
import { createLiveCalls } from "./calls/live.ts";
import type { Config } from "./config/schema.ts";
import type { Log } from "./log.ts";
import { decideLimit } from "./ops/capacity/limit.ts";
import { createClosing } from "./ops/closing.ts";
import type { Work } from "./ops/work.ts";
import { fixedPrompts } from "./receptionist/fixed-prompts.ts";
import { receptionFlow } from "./receptionist/flows/reception.ts";
import { hostPort } from "./sip/endpoint.ts";
import type { UserAgent } from "./sip/ports.ts";
import type { SpeechHealth } from "./speech/ports.ts";
import { type Base, realSchedule } from "./start/base.ts";
import { openDoors } from "./start/doors.ts";
import { openOnCall } from "./start/on-call.ts";
import { openReception } from "./start/reception.ts";
import { claimDataFolder, closeInterrupted, openRecords } from "./start/records.ts";
import { startSound } from "./start/sound.ts";
import { openTelephone, secureSip } from "./start/telephone.ts";
import { openWebhooks } from "./start/webhooks.ts";

export type Appliance = {
  ready: { sip: string; web: string; fingerprint: string; speech: string };
  /** Takes no new calls, lets running ones end (`calls.drainSeconds`), then closes everything. */
  close(): Promise<void>;
};

/** @throws AppError saying what to do; what had been opened by then is closed again. */
export async function runAppliance(config: Config, log: Log): Promise<Appliance> {
  const closing = createClosing((name, error) => log.error("could not be closed", error, { name }));
  const base: Base = { config, log, closing, clock: () => new Date(), schedule: realSchedule };
  try {
    return await start(base);
  } catch (error) {
    await closing.close();
    throw error;
  }
}

/** For whoever starts us: the rest is in `gatehouse status`. */
function stateOfSpeech({ hearing, speaking }: SpeechHealth): string {
  const keys = hearing.state === "works" ? [] : [`callers are served by keys${because(hearing)}`];
  const voice = speaking.state === "works" ? [] : [`espeak-ng in place of the voice${because(speaking)}`];
  return [...keys, ...voice].join("; ") || "ready";
}

const because = ({ failure }: SpeechHealth["hearing"]) => (failure === undefined ? "" : ` (${failure})`);

async function start(base: Base): Promise<Appliance> {
  const { config, closing, log } = base;
  let work: Work = { phase: "starting", answering: undefined };

  await claimDataFolder(config.storage);
  const webhooks = openWebhooks(base, openRecords(base));
  const { records } = webhooks;
  closeInterrupted(base, records);
  const view = createAgencyView(records.agency);
  const live = createLiveCalls((error) => log.error("a reader of live calls failed", error));
  const security = await secureSip(base, records);
  const onCall = openOnCall(base, { records, view });
  const doors = await openDoors(base, { records, view, live, security, onCall, webhooks, work: () => work });
  log.info("the web pages are open; calls are answered once speech is ready", { web: doors.url });

  const sound = await startSound(base, records, () => fixedPrompts(receptionFlow, view.agency(), config.people));
  const listingsChanged = () =>
    sound.speech.expect([...view.properties().map(({ address }) => address), ...config.people.map(({ name }) => name)]);
  listingsChanged();
  const limit = await decideLimit(config, sound.speech, log);
  let telephone: UserAgent | undefined;
  const legs = (): UserAgent => {
    if (telephone === undefined) throw new Error("a leg before the first call");
    return telephone;
  };
  const switchboard = openReception(base, { ...sound, records, view, live, limit, legs, onCall });
  // Until here a call finds a closed port, not a 503: after that the PBX would send nothing for seconds (RFC 3261
  // §21.5.4), while an INVITE that finds nobody is sent again and answered.
  const userAgent = await openTelephone(base, { records, security, switchboard, limit });
  telephone = userAgent;
  onCall.begin();

  work = { phase: "answering", answering: { ...sound, listingsChanged, switchboard, userAgent, limit } };
  // Somebody may have changed them while this was starting.
  sound.pronunciationsChanged();
  listingsChanged();
  closing.add("state", () => {
    work = { phase: "stopping", answering: undefined };
  });
  closing.add("calls", async () => {
    work = { ...work, phase: "stopping" };
    userAgent.drain(true);
    await switchboard.drain(config.calls.drainSeconds * 1000);
  });
  return {
    ready: {
      sip: hostPort(userAgent.address),
      web: doors.url,
      fingerprint: doors.fingerprint,
      speech: stateOfSpeech(sound.speech.health()),
    },
    close: () => closing.close(),
  };
}
