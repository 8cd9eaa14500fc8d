/** 4 or 6 for an address written as numbers, 0 for anything else (names, wildcards, ports). */
export function ipVersion(address: string): 0 | 4 | 6 {
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(address)) return address.split(".").every((part) => Number(part) <= 255) ? 4 : 0;
  return /^[\da-f:.]*:[\da-f:.]*$/i.test(address) && URL.canParse(`http://[${address}]/`) ? 6 : 0;
}
