/** The built pages, as the executable carries them. */
import { createHash } from "node:crypto";
import type { Context } from "hono";
import { embeddedFile, embeddedPaths } from "../../embedded/files.ts";
import type { WebEnv } from "./env.ts";
import type { Asset, Assets } from "./ports.ts";

const prefix = "ui/";

const types: Record<string, string> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
};

/** @throws Error if the pages are not in the executable: a fault in the build. */
export function loadAssets(): Assets {
  const files = new Map<string, Asset>();
  for (const path of embeddedPaths(prefix)) {
    const name = path.slice(prefix.length);
    const type = types[name.split(".").at(-1) ?? ""];
    if (type !== undefined) files.set(name, assetOf(type, embeddedFile(path)));
  }
  return assetsOf(files);
}

export function assetsOf(files: ReadonlyMap<string, Asset>): Assets {
  const page = files.get("index.html");
  if (page === undefined) throw new Error('"ui/index.html" was not built');
  return { page, files };
}

export function assetOf(type: string, content: Uint8Array): Asset {
  const plain = Uint8Array.from(content);
  const etag = `"${createHash("sha256").update(plain).digest("base64url").slice(0, 22)}"`;
  let packed: { gzip: Uint8Array | undefined } | undefined;
  return {
    type,
    etag,
    plain,
    /** Packed when it is first asked for, once: not while the appliance starts. */
    get gzip() {
      packed ??= { gzip: smaller(Bun.gzipSync(plain, { level: 9 }), plain) };
      return packed.gzip;
    },
  };
}

const smaller = (packed: Uint8Array, plain: Uint8Array) => (packed.length < plain.length ? packed : undefined);

/**
 * Our own files hold no data, so the browser may keep them.
 * @param named True if the name changes with the content: then it need not even ask.
 */
export function serveAsset(c: Context<WebEnv>, asset: Asset, named: boolean): Response {
  const kept = named ? "public, max-age=31536000, immutable" : "no-cache";
  const headers = new Headers({ "cache-control": kept, etag: asset.etag, vary: "accept-encoding" });
  if (c.req.header("if-none-match") === asset.etag) return new Response(null, { status: 304, headers });
  headers.set("content-type", asset.type);
  const takesGzip = /(?:^|,)\s*gzip\s*(?:,|;(?!\s*q=0(?:\.0*)?\s*(?:,|$))|$)/.test(
    c.req.header("accept-encoding") ?? "",
  );
  if (!takesGzip || asset.gzip === undefined) return new Response(Buffer.from(asset.plain), { headers });
  headers.set("content-encoding", "gzip");
  return new Response(Buffer.from(asset.gzip), { headers });
}
