/** Where a datagram comes from or goes to. `address` is an IP literal without brackets. */
export type Endpoint = { readonly address: string; readonly port: number };

/** RFC 3261 §19.1.2: the port of SIP over UDP where none is named. */
export const defaultSipPort = 5060;

/** "192.0.2.1:5060", "[2001:db8::1]:5060". */
export function hostPort({ address, port }: Endpoint): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}
