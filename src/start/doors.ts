/** Second stage: for people, the web pages, and for the command line a socket of its own. */
import { hostname, networkInterfaces } from "node:os";
import type { CachedAgencyView } from "../agency/agency-view.ts";
import type { LiveCalls } from "../calls/live.ts";
import { controlPath } from "../control/client.ts";
import { controlApp, startControl } from "../control/server.ts";
import type { Alarm } from "../ops/alarms.ts";
import { createMaintenance } from "../ops/maintenance.ts";
import type { SipSecurity } from "../ops/sip-security.ts";
import { createStatus } from "../ops/status.ts";
import type { Work } from "../ops/work.ts";
import { createSignIn } from "../security/sign-in.ts";
import { tlsIdentity } from "../security/tls-identity.ts";
import { hostPort } from "../sip/endpoint.ts";
import { createControlReaders } from "../store/control-readers.ts";
import type { Records } from "../store/open-store.ts";
import { version } from "../version.ts";
import { createWebApp } from "../web/api/app.ts";
import { loadAssets } from "../web/api/assets.ts";
import { linkHost, webHostNames } from "../web/api/host-names.ts";
import { startWeb } from "../web/api/serve.ts";
import type { Base } from "./base.ts";
import { openFeeds } from "./feeds.ts";
import { openLexicon } from "./lexicon.ts";
import { openListings } from "./listings.ts";
import { openOffice } from "./office.ts";
import type { OnCallDesk } from "./on-call.ts";

export type DoorsParts = {
  records: Records;
  view: CachedAgencyView;
  live: LiveCalls;
  security: SipSecurity;
  onCall: OnCallDesk;
  webhooks: { alarms(): Alarm[] };
  work: () => Work;
};

/** @throws AppError "port_taken" or "invalid_config", saying what to do. */
export async function openDoors(base: Base, { records, view, live, security, onCall, webhooks, work }: DoorsParts) {
  const { config, closing, clock, log, schedule } = base;
  const { address, port } = config.web;
  const hostNames = webHostNames(address, hostname(), networkInterfaces());
  const tls = await tlsIdentity(records.store.db, records.keys, hostNames, clock());
  const signIn = createSignIn({ store: records.store, audit: records.audit, now: clock });
  const status = createStatus({
    version,
    config,
    startedAt: clock(),
    clock,
    tls,
    security,
    onCall,
    lists: records.importedLists,
    webhooks,
    work,
  });
  const maintenance = createMaintenance({ log, audit: records.audit, clock, work });
  const feeds = openFeeds(base, records, view, () => url);
  const app = createWebApp({
    signIn,
    live,
    hostNames,
    schedule,
    readers: records.readers,
    office: openOffice(base, records, view),
    status: status.forWeb,
    maintenance,
    pronunciations: openLexicon(base, records, work),
    feeds: feeds.web,
    agencyName: () => view.agency().name,
    assets: loadAssets(),
    now: clock,
    failed: (error) => log.error("a web request failed", error),
  });
  const web = startWeb({ address, port, tls, app });
  closing.add("web", () => web.close());
  const url = `https://${hostPort({ address: linkHost(address, networkInterfaces()), port: web.port })}`;
  const control = controlApp({
    live,
    status: () => status.forControl(url),
    maintenance,
    importListings: openListings(base, records, view, work),
    onCall,
    feeds: feeds.control,
    readers: createControlReaders(records.readers),
    failed: (error) => log.error("a command's request failed", error),
    signInLink(actor, email) {
      const { token, expiresAt } = signIn.createLink(actor, email);
      return { url: `${url}/#token=${token}`, expiresAt: expiresAt.toISOString() };
    },
  });
  const socket = await startControl(controlPath(config.storage.data), control);
  closing.add("control", () => socket.close());
  return { url, fingerprint: tls.fingerprint };
}
