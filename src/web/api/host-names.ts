/** Under which names and addresses browsers reach us: for the certificate, for links, and for what is refused. */
import { isIP } from "node:net";
import type { NetworkInterfaceInfo } from "node:os";

type Interfaces = Partial<Record<string, Pick<NetworkInterfaceInfo, "address" | "internal">[]>>;

/** As browsers write it: lower case, IPv6 in its shortest form (RFC 5952); an address may be configured otherwise. */
export function canonicalHost(name: string): string {
  if (isIP(name) !== 6) return name.toLowerCase();
  return new URL(`http://[${name}]`).hostname.slice(1, -1);
}

const isEverywhere = (address: string) => address === "0.0.0.0" || canonicalHost(address) === "::";

/** Link-local ones are left out: no browser takes an address with a zone (RFC 6874 is withdrawn by practice). */
function addressesBehind(address: string, interfaces: Interfaces): { address: string; internal: boolean }[] {
  const both = address.includes(":"); // a socket on :: takes IPv4 too
  return Object.values(interfaces)
    .flatMap((list) => list ?? [])
    .filter((entry) => isIP(entry.address) === 4 || (both && !/^fe[89ab]/i.test(entry.address)));
}

/**
 * The machine's names and those of the address we listen on, as browsers write them.
 * @param address What the server listens on; 0.0.0.0 or :: stands for all addresses of the machine.
 */
export function webHostNames(address: string, machineName: string, interfaces: Interfaces): string[] {
  const addresses = isEverywhere(address)
    ? addressesBehind(address, interfaces).map((entry) => entry.address)
    : [address];
  const names = ["localhost", "127.0.0.1", "::1", machineName, ...addresses].filter(Boolean);
  return [...new Set(names.map(canonicalHost))];
}

/** What stands in a link for a browser in the office: 0.0.0.0 and :: are nobody's address. */
export function linkHost(address: string, interfaces: Interfaces): string {
  if (!isEverywhere(address)) return canonicalHost(address);
  const outside = addressesBehind(address, interfaces).filter(({ internal }) => !internal);
  const best = outside.find((entry) => isIP(entry.address) === 4) ?? outside[0];
  return best === undefined ? "localhost" : canonicalHost(best.address);
}
