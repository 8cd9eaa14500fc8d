/** The agency's lexicon: listed, changed, and heard before it is saved. The use cases write the audit entries. */
import { Hono } from "hono";
import { WaveFile } from "wavefile";
import { z } from "zod";
import { britishNames } from "../../english/british-names.ts";
import { keyOfWritten, longestSaid, longestWritten } from "../../english/pronunciations.ts";
import type { WebEnv } from "./env.ts";
import { actorOf, type Needs } from "./needs.ts";
import { parse } from "./parse.ts";
import type { WebPronunciations } from "./ports.ts";
import type { PronunciationList } from "./shapes.ts";

/** The rules are the use case's; these only bound the work. */
const written = z.string().max(longestWritten * 2);
const HowBody = z.strictObject({ kind: z.enum(["respelling", "phonemes"]), said: z.string().max(longestSaid * 2) });
const WordBody = HowBody.extend({ written });
const WordParam = z.object({ written });

export function pronunciationRoutes(lexicon: WebPronunciations, { needs }: Needs) {
  return new Hono<WebEnv>()
    .get("/pronunciations", needs("pronunciations:manage"), (c) => {
      const entries = lexicon.all();
      const known = new Set(entries.map((entry) => keyOfWritten(entry.written)));
      const suggestions = britishNames.filter((entry) => !known.has(keyOfWritten(entry.written)));
      return c.json<PronunciationList>({ entries, suggestions });
    })
    .put(
      "/pronunciations/:written",
      needs("pronunciations:manage"),
      parse("param", WordParam),
      parse("json", HowBody),
      (c) => c.json(lexicon.put({ ...c.req.valid("param"), ...c.req.valid("json") }, actorOf(c))),
    )
    .delete("/pronunciations/:written", needs("pronunciations:manage"), parse("param", WordParam), (c) => {
      lexicon.remove(c.req.valid("param").written, actorOf(c));
      return c.body(null, 204);
    })
    .post("/pronunciations/say", needs("pronunciations:manage"), parse("json", WordBody), async (c) => {
      const { samples, rateHz } = await lexicon.say(c.req.valid("json"), c.req.raw.signal);
      const wave = new WaveFile();
      wave.fromScratch(1, rateHz, "16", samples);
      return c.body(Uint8Array.from(wave.toBuffer()), 200, { "content-type": "audio/wav" });
    });
}
