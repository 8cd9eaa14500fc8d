/** Ways out for legs: by the flow of a trunk's registration, or to where its settings say that the PBX listens. */
import { AppError } from "../../app-error.ts";
import { defaultPortOf, type Endpoint } from "../endpoint.ts";
import type { OutboundSettings } from "../leg-ports.ts";
import type { Registrar, RegistrationSettings, TrunkSettings } from "../ports.ts";
import { domainAt, type WayOut, type WaysOut } from "./way-out.ts";

export type WaysPorts = {
  settings: readonly OutboundSettings[];
  trunks: readonly TrunkSettings[];
  /** The flow that the trunk's extension is registered by; undefined while it is not. */
  registered(trunk: string): { flow: Endpoint; settings: RegistrationSettings } | undefined;
  /** Rejects where its name is not known, or it cannot be connected to. */
  openFlow(pbx: Registrar): Promise<Endpoint>;
  /** What comes from there belongs to the trunk from now on: answers to our INVITE. */
  trust(flow: Endpoint, trunk: TrunkSettings): void;
  distrust(flow: Endpoint): void;
  avoid(flow: Endpoint): void;
};

export type Ways = WaysOut & {
  /** A connection broke: the next leg opens another. */
  lost(connection: number): void;
};

export function createWays(ports: WaysPorts): Ways {
  /** Connections, or attempts at one, by trunk: legs share them. Over UDP there is nothing to keep. */
  const flows = new Map<string, Promise<Endpoint>>();
  const ours = new Map<number, string>();

  async function toPbx(trunk: TrunkSettings, pbx: NonNullable<OutboundSettings["pbx"]>): Promise<WayOut> {
    const { transport, host, port } = pbx;
    const flow = await (flows.get(trunk.name) ?? open(trunk, pbx));
    return { flow, domain: domainAt(host, port, defaultPortOf(transport)), credentials: undefined };
  }

  async function open(trunk: TrunkSettings, pbx: NonNullable<OutboundSettings["pbx"]>): Promise<Endpoint> {
    const usual = { name: pbx.host, ca: undefined, pinned: undefined };
    const opening = ports.openFlow({ ...pbx, tls: pbx.transport === "tls" ? (pbx.tls ?? usual) : undefined });
    if (pbx.transport !== "udp") flows.set(trunk.name, opening);
    try {
      const flow = await opening;
      ports.trust(flow, trunk);
      if (flow.connection !== undefined) ours.set(flow.connection, trunk.name);
      return flow;
    } catch (error) {
      flows.delete(trunk.name);
      throw error;
    }
  }

  function byRegistration(trunk: string): WayOut {
    const found = ports.registered(trunk);
    if (found === undefined) throw new AppError("not_found", `Trunk ${trunk} is not registered: no leg can be placed.`);
    const { flow, settings } = found;
    const { authId, password, realm } = settings;
    return {
      flow,
      domain: settings.domain.includes(":") ? `[${settings.domain}]` : settings.domain,
      credentials: { username: authId, password, realm },
    };
  }

  return {
    avoid: ports.avoid,
    async open(name) {
      const trunk = ports.trunks.find((one) => one.name === name);
      const settings = ports.settings.find((one) => one.trunk === name);
      if (trunk === undefined || settings === undefined) throw new AppError("not_found", `Trunk ${name} has no legs.`);
      return settings.pbx === undefined ? byRegistration(name) : await toPbx(trunk, settings.pbx);
    },
    lost(connection) {
      const trunk = ours.get(connection);
      if (trunk === undefined) return;
      ours.delete(connection);
      flows.delete(trunk);
      ports.distrust({ address: "", port: 0, connection });
    },
  };
}
