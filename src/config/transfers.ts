/** Whom the configuration lets us call, as the user agent wants it. */
import { AppError } from "../app-error.ts";
import type { OutboundSettings } from "../sip/leg-ports.ts";
import type { Config } from "./schema.ts";
import { readRegistrar, trustOf } from "./trunks.ts";

type Transfer = NonNullable<Config["sip"]["transfer"]>;

/** The trunk of `sip.peers`. */
const defaultTrunk = "peers";
const usualIdentity = "gatehouse";

/** One for each trunk that has a table `transfer`. @throws AppError("invalid_config") for an identity that cannot be said. */
export function outboundSettings({ sip, trunks }: Pick<Config, "sip" | "trunks">): OutboundSettings[] {
  const named = trunks.flatMap(({ name, transfer, register }) =>
    transfer === undefined ? [] : [settingsOf(name, transfer, register?.extension)],
  );
  return sip.transfer === undefined ? named : [...named, settingsOf(defaultTrunk, sip.transfer, undefined)];
}

/** What a call that came by `trunk` may be put through to, and how; undefined: nobody. */
export function transfersOf(
  { sip, trunks, people }: Pick<Config, "sip" | "trunks" | "people">,
  trunk: string | undefined,
): { people: Config["people"]; mode: "consult" | "blind" } | undefined {
  const transfer =
    trunk === undefined || trunk === defaultTrunk ? sip.transfer : trunks.find(({ name }) => name === trunk)?.transfer;
  if (transfer === undefined) return undefined;
  const mode = transfer.blindTransfer ? "blind" : "consult";
  return { people: people.filter(({ extension }) => transfer.extensions.includes(extension)), mode };
}

/** The trunk by which that extension may be called, the first that has it; undefined: nobody may call it. */
export const trunkTo = ({ sip, trunks }: Pick<Config, "sip" | "trunks">, extension: string): string | undefined =>
  outboundSettings({ sip, trunks }).find(({ extensions }) => extensions.includes(extension))?.trunk;

/** Whether all that is said of the legs of that trunk goes by TLS: to the PBX named, or to every registrar that there is. */
export function legsByTls({ sip, trunks }: Pick<Config, "sip" | "trunks">, trunk: string | undefined): boolean {
  const named = trunks.find(({ name }) => name === trunk);
  const { pbx } = (trunk === undefined || trunk === defaultTrunk ? sip.transfer : named?.transfer) ?? {};
  const places = pbx === undefined ? (named?.register?.registrars ?? []) : [pbx];
  return places.length > 0 && places.every((place) => readRegistrar(place).transport === "tls");
}

function settingsOf(trunk: string, transfer: Transfer, registered: string | undefined): OutboundSettings {
  const { extensions, pbx, tls } = transfer;
  const identity = transfer.identity ?? registered ?? usualIdentity;
  if (!/^[0-9*#A-Za-z._+-]{1,32}$/.test(identity)) {
    throw new AppError("invalid_config", `trunks.transfer.identity of "${trunk}": set it, the extension cannot be it.`);
  }
  if (pbx === undefined) return { trunk, extensions, identity };
  const place = readRegistrar(pbx);
  const proof = place.transport === "tls" ? { tls: trustOf(tls, place.host) } : {};
  const { transport, host, port } = place;
  return { trunk, extensions, identity, pbx: { transport, host, port, ...proof } };
}
