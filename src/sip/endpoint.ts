/** What carries SIP messages. Streams keep their order and lose nothing (RFC 3261 §18); datagrams do neither. */
export type Transport = "udp" | "tcp" | "tls";
export type StreamTransport = Exclude<Transport, "udp">;

/** Where a message comes from or goes to. `address` is an IP literal without brackets. */
export type Endpoint = {
  readonly address: string;
  readonly port: number;
  /** Left out: UDP. */
  readonly transport?: StreamTransport;
  /** The open connection it came by, or goes by as long as it is open. Our own number, from 1 on. */
  readonly connection?: number;
};

/** RFC 3261 §19.1.2: the port of SIP over UDP and TCP where none is named. */
export const defaultSipPort = 5060;
const defaultSipsPort = 5061;

export function defaultPortOf(transport: Transport | undefined): number {
  return transport === "tls" ? defaultSipsPort : defaultSipPort;
}

/** "192.0.2.1:5060", "[2001:db8::1]:5060". */
export function hostPort({ address, port }: Pick<Endpoint, "address" | "port">): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}

/** RFC 3261 §17: over these nothing is retransmitted hop by hop. */
export function isReliable({ transport }: Pick<Endpoint, "transport">): boolean {
  return transport !== undefined;
}

/** As Via writes it (RFC 3261 §20.42). */
export function viaTransport({ transport }: Pick<Endpoint, "transport">): "UDP" | "TCP" | "TLS" {
  return transport === "tls" ? "TLS" : transport === "tcp" ? "TCP" : "UDP";
}

/** Contact of ours at that place: over UDP without a parameter, as UDP is what a URI without one means. */
export function contactAt(local: Endpoint, user?: string): string {
  const at = `${user === undefined ? "" : `${user}@`}${hostPort(local)}`;
  return local.transport === undefined ? `<sip:${at}>` : `<sip:${at};transport=${local.transport}>`;
}
