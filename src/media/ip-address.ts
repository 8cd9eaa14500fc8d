/** 4 or 6 for an address written as numbers, 0 for anything else (names, wildcards, ports). */
export function ipVersion(address: string): 0 | 4 | 6 {
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(address)) return address.split(".").every((part) => Number(part) <= 255) ? 4 : 0;
  return /^[\da-f:.]*:[\da-f:.]*$/i.test(address) && URL.canParse(`http://[${address}]/`) ? 6 : 0;
}

/** The one spelling that sockets use for it ("2001:DB8:0::1" is "2001:db8::1"); names and rubbish stay as they are. */
export function canonicalAddress(address: string): string {
  const version = ipVersion(address);
  if (version === 4) return address.split(".").map(Number).join(".");
  return version === 6 ? new URL(`http://[${address}]/`).hostname.slice(1, -1) : address;
}
