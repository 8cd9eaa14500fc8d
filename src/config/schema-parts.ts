/** What several parts of the schema are made of. */
import { z } from "zod";

export const address = z.union([z.ipv4(), z.ipv6()]);

/** An address or a CIDR block. */
export const peer = z.union([address, z.cidrv4(), z.cidrv6()]);

/** By what a peer proves who it is. */
export const TlsTrust = z.strictObject({
  name: z.string().min(1).optional(),
  caFile: z.string().min(1).optional(),
  sha256: z
    .string()
    .regex(/^([0-9A-Fa-f]{2}:?){32}$/, "expected the SHA-256 fingerprint of the certificate")
    .optional(),
});
