/** What every request must pass before a route sees it: the name it was sent to, and where it came from. */
import type { MiddlewareHandler } from "hono";
import { bodyLimit } from "hono/body-limit";
import { AppError } from "../../app-error.ts";
import type { WebEnv } from "./env.ts";
import { canonicalHost } from "./host-names.ts";
import type { ErrorBody } from "./shapes.ts";

/** Every body that a route takes is a few fields of JSON. */
export const bodyBytesAtMost = 16 * 1024;

export const smallBodies: MiddlewareHandler<WebEnv> = bodyLimit({
  maxSize: bodyBytesAtMost,
  onError: (c) => c.json<ErrorBody>({ code: "invalid_input", message: "The request is too large." }, 413),
});

/**
 * A page elsewhere can give its own name our address (DNS rebinding) and would then be of the same origin as we are:
 * requests under a name that is not ours are refused. Any port: an ssh tunnel has another.
 */
export function onlyOurNames(names: readonly string[]): MiddlewareHandler<WebEnv> {
  const ours = new Set(names.map(canonicalHost));
  return async (c, next) => {
    const host = nameOfHost(c.req.header("host") ?? new URL(c.req.url).host);
    if (host === undefined || !ours.has(host)) {
      return c.json<ErrorBody>({ code: "forbidden", message: "This server is not known under that name." }, 421);
    }
    return await next();
  };
}

function nameOfHost(host: string): string | undefined {
  const match = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9._-]+))(?::\d{1,5})?$/i.exec(host);
  const name = match?.[1] ?? match?.[2];
  return name === undefined ? undefined : canonicalHost(name);
}

/**
 * Cross-site requests: our cookie is SameSite=Strict, and this is the second wall. A request that changes something
 * must say that it comes from our own page; one that reads must at least not say that it comes from another site.
 */
export const onlyOurPages: MiddlewareHandler<WebEnv> = async (c, next) => {
  const site = c.req.header("sec-fetch-site");
  const origin = c.req.header("origin");
  const changes = c.req.method !== "GET" && c.req.method !== "HEAD";
  const host = c.req.header("host") ?? new URL(c.req.url).host;
  const foreignOrigin = origin !== undefined && origin.toLowerCase() !== `https://${host.toLowerCase()}`;
  // "none": the person typed the address. Harmless for reading, and never how our page posts.
  const foreignSite = site !== undefined && site !== "same-origin" && (changes || site !== "none");
  if (foreignOrigin || foreignSite || (changes && origin === undefined && site === undefined)) {
    throw new AppError("forbidden", "This request did not come from Gatehouse's own page.");
  }
  await next();
};
