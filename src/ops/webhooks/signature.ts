import { createHmac } from "node:crypto";

/**
 * `t=<seconds since 1970>,v1=<hex>`: HMAC-SHA-256 (RFC 2104) over the time, a dot and the body's bytes. The time is
 * signed too, so that a receiver can refuse what somebody recorded and sends again.
 */
export function signatureOf(secret: string, body: string, at: Date): string {
  const seconds = Math.floor(at.getTime() / 1000);
  const mac = createHmac("sha256", secret).update(`${seconds}.`).update(body).digest("hex");
  return `t=${seconds},v1=${mac}`;
}
