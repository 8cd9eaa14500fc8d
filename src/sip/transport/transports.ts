/** Every way by which SIP messages come and go, as one: each end says by which. */
import { AppError } from "../../app-error.ts";
import type { Endpoint } from "../endpoint.ts";
import type { Registrar } from "../ports.ts";
import { createLocator, type Locator, type Names } from "./locator.ts";
import { createStreams, type StreamEvents, type StreamTransports } from "./streams.ts";
import type { TlsDoor, TlsOwn } from "./tls.ts";
import { openUdp } from "./udp.ts";

export type Transports = {
  /** Where it listens; the real port where 0 was asked for. */
  readonly address: Endpoint;
  readonly tlsPort: number | undefined;
  /** Whether the UDP socket has the options that it needs. */
  readonly tuned: boolean;
  send(bytes: Uint8Array, to: Endpoint): void;
  /** Where the peer at that end reaches us. */
  localEndpoint(remote: Endpoint): Endpoint;
  /**
   * The way to a registrar, the first place of its name that can be had; over TCP and TLS a new connection, kept alive
   * until `hangUp` or until it is lost.
   * @throws Error where its name is not known or none can be connected to.
   */
  openFlow(registrar: Registrar): Promise<Endpoint>;
  /** What was opened does not serve: the next one for that name goes elsewhere, if there is an elsewhere. */
  avoid(flow: Endpoint): void;
  hangUp(connection: number): void;
  sockets(): number;
  close(): void;
};

/** Another program may have the TCP port of the free UDP port that we were given: then another pair. */
const pairsTried = 8;

export type Listen = {
  readonly address: string;
  /** 0 for any that is free. */
  readonly port: number;
  /** Whether TCP is listened on too, on the same port. */
  readonly tcp: boolean;
  /** TLS, on a port of its own. */
  readonly tls: { readonly port: number; readonly door: TlsDoor } | undefined;
  readonly own: TlsOwn;
  readonly names: Names;
};

/**
 * @throws AppError "port_taken", or "invalid_config" for an address that is not this machine's.
 */
export async function openTransports(listen: Listen, events: StreamEvents): Promise<Transports> {
  for (let tried = 1; ; tried += 1) {
    const udp = await openUdp(listen, { receive: events.receive, unsent: events.dropped });
    const streams = createStreams(events, listen.own);
    const { address, tls } = listen;
    try {
      if (listen.tcp) await streams.listen({ address, port: udp.address.port });
      const tlsPort = tls === undefined ? undefined : await streams.listen({ address, port: tls.port }, tls.door);
      const family = address.includes(":") ? 0 : 4;
      const locator = createLocator({
        names: listen.names,
        family,
        nowMs: () => performance.now(),
        random: Math.random,
      });
      return together(udp, streams, tlsPort, locator);
    } catch (error) {
      udp.close();
      streams.close();
      const another = listen.port === 0 && error instanceof AppError && error.code === "port_taken";
      if (!another || tried >= pairsTried) throw error;
    }
  }
}

function together(
  udp: Awaited<ReturnType<typeof openUdp>>,
  streams: StreamTransports,
  tlsPort: number | undefined,
  locator: Locator,
): Transports {
  let open = true;
  return {
    address: udp.address,
    tlsPort,
    tuned: udp.tuned,
    send: (bytes, to) => (to.transport === undefined ? udp.send(bytes, to) : streams.send(bytes, to)),
    localEndpoint(remote) {
      const { transport, connection } = remote;
      const end = connection === undefined ? undefined : streams.localEnd(connection);
      if (end !== undefined) return end;
      const local = udp.localEndpoint(remote.address);
      if (transport === "tls") return { address: local.address, port: tlsPort ?? local.port, transport };
      return transport === undefined ? local : { ...local, transport };
    },
    async openFlow(server) {
      let failure: unknown;
      for (const place of await locator.locate(server)) {
        if (place.transport === undefined) return place;
        try {
          return await streams.connect(place, server.transport === "tls" ? server.tls : undefined);
        } catch (error) {
          locator.avoid(place);
          failure = error;
        }
      }
      throw failure;
    },
    avoid: locator.avoid,
    hangUp: streams.hangUp,
    sockets: () => (open ? 1 : 0) + streams.open(),
    close() {
      open = false;
      udp.close();
      streams.close();
    },
  };
}
