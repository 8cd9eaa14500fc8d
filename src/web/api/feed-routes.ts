import { createHash } from "node:crypto";
import { Hono } from "hono";
import type { WebEnv } from "./env.ts";
import type { WebFeeds } from "./ports.ts";

/**
 * Diaries for calendar programs, each under an address that is its only secret: it is in no log and no answer. HEAD is
 * answered, and audited, as GET.
 */
export function feedRoutes(feeds: WebFeeds) {
  return new Hono<WebEnv>().get("/:file{[\\w-]+\\.ics}", (c) => {
    const token = c.req.param("file").slice(0, -".ics".length);
    const text = feeds.read(token, c.env.address);
    const etag = `"${createHash("sha256").update(text).digest("base64url").slice(0, 22)}"`;
    // Kept by the program that asked, and asked for again each time (RFC 9111 §5.2.2.4).
    const headers = { etag, "cache-control": "private, no-cache" };
    if (c.req.header("if-none-match") === etag) return c.body(null, 304, headers);
    return c.body(text, 200, { ...headers, "content-type": "text/calendar; charset=utf-8" });
  });
}
