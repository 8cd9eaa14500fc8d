/** The web application: every route and who may use it. Knows no socket: tests give it requests. */
import { Hono } from "hono";
import { AppError } from "../../app-error.ts";
import { accountRoutes } from "./account-routes.ts";
import { serveAsset } from "./assets.ts";
import type { WebEnv } from "./env.ts";
import { onError } from "./errors.ts";
import { feedRoutes } from "./feed-routes.ts";
import { onlyOurNames, onlyOurPages, smallBodies } from "./guard.ts";
import { securityHeaders } from "./headers.ts";
import { liveRoutes } from "./live-routes.ts";
import { maintenanceRoutes } from "./maintenance-routes.ts";
import { createNeeds } from "./needs.ts";
import { officeRoutes } from "./office-routes.ts";
import type { WebPorts } from "./ports.ts";
import { pronunciationRoutes } from "./pronunciation-routes.ts";
import { readRoutes } from "./read-routes.ts";

/** Addresses of the page itself; it decides what to show. */
const pages = [
  "/",
  "/live",
  "/calls",
  "/calls/:id",
  "/tasks",
  "/unanswered",
  "/contacts",
  "/contacts/:id",
  "/diary",
  "/pronunciation",
  "/account",
  "/system",
];

export type WebApp = Hono<WebEnv>;

export function createWebApp(ports: WebPorts): WebApp {
  const needs = createNeeds(ports.signIn);
  const app = new Hono<WebEnv>()
    .use(securityHeaders)
    .use(onlyOurNames(ports.hostNames))
    .use("/api/*", onlyOurPages, smallBodies)
    .route("/api", accountRoutes(ports.signIn, needs, ports.agencyName))
    .route("/api", liveRoutes(ports, needs))
    .route("/api", maintenanceRoutes(ports.maintenance, needs))
    .route("/api", pronunciationRoutes(ports.pronunciations, needs))
    .route("/api", officeRoutes(ports.office, needs))
    .route("/feeds", feedRoutes(ports.feeds))
    .route("/api", readRoutes(ports.readers, ports.status, needs));
  for (const page of pages) app.get(page, (c) => serveAsset(c, ports.assets.page, false));
  app.get("/assets/:file", (c) => {
    const asset = ports.assets.files.get(`assets/${c.req.param("file")}`);
    if (asset === undefined) throw notHere();
    return serveAsset(c, asset, true);
  });
  app.notFound(() => {
    throw notHere();
  });
  app.onError(onError(ports.failed));
  return app;
}

const notHere = () => new AppError("not_found", "There is nothing at this address.");
