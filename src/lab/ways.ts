/** How people say what they know: each value with several wordings, every one written by hand. */
import { z } from "zod";

const wordings = z.array(z.string().min(1)).min(1);

const Ways = z.strictObject({
  /** The clock of every call of the suites, local. */
  now: z.string(),
  people: z.record(
    z.string(),
    z.strictObject({
      name: z.string(),
      phone: z.string(),
      names: wordings,
      spelled: z.string(),
      phones: wordings,
      /** The number in the pieces in which somebody slow says it. */
      pieces: wordings,
    }),
  ),
  properties: z.record(z.string(), wordings),
  dates: z.record(z.string(), wordings),
  times: z.record(z.string(), wordings),
});
export type Ways = z.infer<typeof Ways>;

const Manners = z.strictObject({
  yes: wordings,
  no: wordings,
  closing: wordings,
  unknown: wordings,
  /** Asked for what belongs to something that he does not want. */
  unwanted: wordings,
  again: wordings,
  wait: wordings,
  before: wordings,
  after: wordings,
  asides: wordings,
  slips: wordings,
});
export type Manners = z.infer<typeof Manners>;

/** `addresses`: of the properties, as the agency writes them. */
export type Words = { ways: Ways; manners: Manners; addresses: Readonly<Record<string, string>> };

export const parseWays = (json: string): Ways => Ways.parse(JSON.parse(json));
export const parseManners = (json: string): Manners => Manners.parse(JSON.parse(json));
