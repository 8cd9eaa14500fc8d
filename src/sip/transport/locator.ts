/** Names of SIP servers into places (RFC 3263), by this machine's resolver: it keeps what it heard for as long as it may. */
import { lookup, Resolver } from "node:dns/promises";
import { isIP } from "node:net";
import { defaultPortOf, type Endpoint, hostPort } from "../endpoint.ts";
import { orderServices, type ServiceRecord, serviceName } from "../locate.ts";
import type { Registrar } from "../ports.ts";

export type Names = {
  /** SRV records; none where the name has none. Rejects where nobody could be asked. */
  services(name: string): Promise<ServiceRecord[]>;
  /** In the order of preference. Rejects where there are none. */
  addresses(host: string, family: 0 | 4): Promise<string[]>;
};

export type Locator = {
  /** Never empty. @throws Error where the name leads nowhere. */
  locate(server: Registrar): Promise<Endpoint[]>;
  /** It has just failed: for a while it is the last of those that there are (RFC 3263 §4.3). */
  avoid(place: Endpoint): void;
};

export type LocatorPorts = {
  names: Names;
  /** 0: also IPv6. */
  family: 0 | 4;
  nowMs(): number;
  /** From 0 up to 1. */
  random(): number;
};

const avoidMs = 60_000;
const maxAvoided = 64;
/** Of what a name leads to. */
const maxPlaces = 8;

export function createLocator({ names, family, nowMs, random }: LocatorPorts): Locator {
  const avoided = new Map<string, number>();
  /** What names led to when they could last be asked: a resolver that is down must not take the PBX with it. */
  const lastKnown = new Map<string, Endpoint[]>();

  async function find({ transport, host, port }: Registrar): Promise<Endpoint[]> {
    const at = (address: string, its: number): Endpoint =>
      transport === "udp" ? { address, port: its } : { address, port: its, transport };
    const usual = port || defaultPortOf(transport);
    if (isIP(host) !== 0) return [at(host, usual)];
    const records = port === 0 ? await names.services(serviceName(transport, host)) : [];
    // RFC 3263 §4.2: no SRV records, then the name's own addresses, with the usual port.
    if (records.length === 0) return (await names.addresses(host, family)).map((address) => at(address, usual));
    const found: Endpoint[] = [];
    for (const record of orderServices(records, random).slice(0, maxPlaces)) {
      const addresses = await names.addresses(record.name, family).catch(() => []); // the next one may be better kept
      found.push(...addresses.map((address) => at(address, record.port)));
    }
    return found;
  }

  const isAvoided = (place: Endpoint) => (avoided.get(keyOf(place)) ?? 0) > nowMs();

  return {
    async locate(server) {
      const name = `${server.transport} ${server.host} ${server.port}`;
      const found = await find(server).catch(() => lastKnown.get(name) ?? []);
      if (found.length === 0) throw new Error("the name leads nowhere");
      const places = found.slice(0, maxPlaces);
      lastKnown.set(name, places);
      return [...places.filter((place) => !isAvoided(place)), ...places.filter(isAvoided)];
    },
    avoid(place) {
      const now = nowMs();
      for (const [key, untilMs] of avoided) if (untilMs <= now) avoided.delete(key);
      if (avoided.size < maxAvoided) avoided.set(keyOf(place), now + avoidMs);
    },
  };
}

const keyOf = ({ address, port, transport }: Endpoint) => `${transport ?? "udp"} ${hostPort({ address, port })}`;

const queryMs = 2_000;
/** What DNS says where there is no such record, in c-ares' words. */
const absent = ["ENOTFOUND", "ENODATA"];

/** SRV by the resolvers of this machine's configuration; addresses as every program here finds them, /etc/hosts included. */
export const systemNames: Names = {
  services: async (name) => await servicesFrom(new Resolver({ timeout: queryMs, tries: 1 }), name),
  addresses: async (host, family) => (await lookup(host, { family, all: true })).map(({ address }) => address),
};

/** @throws Error where nobody answers. */
export async function servicesFrom(resolver: Pick<Resolver, "resolveSrv">, name: string): Promise<ServiceRecord[]> {
  try {
    return await resolver.resolveSrv(name);
  } catch (error) {
    if (absent.includes(String((error as { code?: unknown }).code))) return [];
    throw error;
  }
}
