/** The web application on its socket. */
import { AppError } from "../../app-error.ts";
import type { TlsIdentity } from "../../security/tls-identity.ts";
import type { WebApp } from "./app.ts";
import { bodyBytesAtMost } from "./guard.ts";

/** RFC 8446; Bun's default would also take 1.2. */
const tls13 = 0x0304;
/** Above the heartbeat of the live page. */
const idleSeconds = 30;

export type WebServer = {
  port: number;
  /** Stops listening and closes every connection, live pages included. */
  close(): Promise<void>;
};

export type WebListen = {
  address: string;
  /** 0: any free one. */
  port: number;
  tls: Pick<TlsIdentity, "certificate" | "privateKey">;
  app: WebApp;
};

/** @throws AppError("port_taken") | AppError("invalid_config") if the address is not ours. */
export function startWeb({ address, port, tls, app }: WebListen): WebServer {
  try {
    const server = Bun.serve({
      hostname: address,
      port,
      tls: { cert: tls.certificate, key: tls.privateKey, minVersion: tls13 } as Bun.TLSOptions,
      idleTimeout: idleSeconds,
      maxRequestBodySize: bodyBytesAtMost * 2, // the application's own limit answers first, in words
      development: false, // no error pages with our source in them
      reusePort: false, // said, because `development: false` turns it on, and then a second appliance would share the port
      fetch: (request, self) => {
        // HTTP/1.0 needs no Host, and then the request has no URL either: nothing of ours speaks so.
        if (!request.headers.has("host")) return new Response(null, { status: 400 });
        return app.fetch(request, { address: self.requestIP(request)?.address ?? "unknown" });
      },
      error: () => new Response(null, { status: 500 }),
    });
    return { port: server.port ?? port, close: async () => await server.stop(true) };
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : "";
    if (code === "EADDRINUSE") {
      throw new AppError(
        "port_taken",
        `Another program has ${address} port ${port}: stop it, or set web.port to a free one.`,
        { cause },
      );
    }
    if (code === "EACCES") {
      throw new AppError("port_taken", `Port ${port} is reserved to the system: set web.port to one above 1023.`, {
        cause,
      });
    }
    if (code === "EADDRNOTAVAIL") {
      throw new AppError("invalid_config", `web.address ${address} is not an address of this machine.`, { cause });
    }
    throw cause;
  }
}
