/** Models that others publish: models/catalogue.json, a part of the executable. */
import { z } from "zod";
import { embeddedText } from "../embedded/files.ts";
import { dimensionsSchema } from "./cost.ts";

/** Of a model among the installed ones, and of its folder. */
export const modelName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);
export const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const PublishedFile = z.strictObject({
  /** No path: a model lies in one folder. */
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/),
  url: z.url({ protocol: /^https$/ }),
  bytes: z.int().positive().optional(),
  /** Left out where no public record was found: it is recorded at the first installation. */
  sha256: sha256.optional(),
});

const PublishedModel = z.strictObject({
  id: modelName,
  kind: z.enum(["whisper", "piper"]),
  name: z.string(),
  languages: z.array(z.string()),
  /** SPDX, or LicenseRef-…. `licenceOf`: what it is the licence of. */
  licence: z.string(),
  licenceOf: z.string(),
  source: z.url({ protocol: /^https$/ }),
  /** About what is to be fetched. */
  megabytes: z.int().positive(),
  note: z.string().optional(),
  dimensions: dimensionsSchema.optional(),
  files: z.array(PublishedFile).min(1),
});

const Catalogue = z.strictObject({ note: z.string(), digests: z.string(), models: z.array(PublishedModel) });

export type PublishedFile = z.infer<typeof PublishedFile>;
export type PublishedModel = z.infer<typeof PublishedModel>;
export type Catalogue = z.infer<typeof Catalogue>;

export const readCatalogue = (): Catalogue => Catalogue.parse(JSON.parse(embeddedText("models/catalogue.json")));

/** How much of a model is known beforehand. */
export function pinning({ files }: PublishedModel): "pinned" | "partly" | "unknown" {
  const pinned = files.filter((file) => file.sha256 !== undefined).length;
  return pinned === 0 ? "unknown" : pinned === files.filter(({ name }) => isPart(name)).length ? "pinned" : "partly";
}

/** What a model needs, apart from papers that come along. */
export const isPart = (name: string): boolean => /\.(onnx|onnx\.json|weights|data)$|tokens\.txt$/.test(name);
