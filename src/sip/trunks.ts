/** Whose messages are read: those of configured peers and of the flows that we registered ourselves; and as which trunk. */
import type { Endpoint, Transport } from "./endpoint.ts";
import { createPeerFilter } from "./peers.ts";
import type { TrunkSettings } from "./ports.ts";

/** One registered extension has one flow a registrar; a lost connection leaves with `distrust`. */
const maxFlows = 256;

export interface Trunks {
  /** Undefined: a stranger. The first trunk whose flow or peers it is. */
  of(remote: Endpoint): TrunkSettings | undefined;
  /** By address alone, before anything else is known of a connection: whose it will be. */
  ofAddress(address: string, transport: Transport): TrunkSettings | undefined;
  /** Where our REGISTER goes: what comes from exactly there (a connection: by that one) belongs to the trunk. */
  trust(flow: Endpoint, trunk: TrunkSettings): void;
  distrust(flow: Endpoint): void;
}

/** @throws RangeError for a peer that is neither address nor block. */
export function createTrunks(settings: readonly TrunkSettings[]): Trunks {
  const filters = settings.map((trunk) => ({ trunk, serves: createPeerFilter(trunk.peers) }));
  const flows = new Map<string, TrunkSettings>();

  // The first that has the address decides: where it wants TLS, a later and laxer one must not let UDP in.
  function ofAddress(address: string, transport: Transport): TrunkSettings | undefined {
    const trunk = filters.find(({ serves }) => serves(address))?.trunk;
    return trunk?.transports?.includes(transport) === false ? undefined : trunk;
  }

  return {
    of(remote) {
      const flow = flows.size === 0 ? undefined : flows.get(flowKey(remote));
      return flow ?? ofAddress(remote.address, remote.transport ?? "udp");
    },
    ofAddress,
    trust(flow, trunk) {
      if (flows.size >= maxFlows) flows.clear();
      flows.set(flowKey(flow), trunk);
    },
    distrust: (flow) => void flows.delete(flowKey(flow)),
  };
}

function flowKey({ address, port, transport, connection }: Endpoint): string {
  return connection === undefined ? `${transport ?? "udp"} ${address} ${port}` : `connection ${connection}`;
}
