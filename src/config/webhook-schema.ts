/** Hosts of the office that are told what happens. */
import { BlockList, isIP } from "node:net";
import { z } from "zod";
import { eventNames } from "../agency/webhooks/events.ts";
import { address, peer, TlsTrust } from "./schema-parts.ts";

/** RFC 1918, RFC 4193, and this machine. Not 169.254/16: there clouds keep their secrets; nor 100.64/10, a carrier's. */
const privateBlocks = [
  ["10.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["127.0.0.0", 8],
  ["fc00::", 7],
  ["::1", 128],
] as const;

/** @param block An address or CIDR block: all of it. */
export function isPrivate(block: string): boolean {
  const [first = "", length] = block.split("/");
  const family = isIP(first) === 6 ? "ipv6" : "ipv4";
  const bits = length === undefined ? (family === "ipv6" ? 128 : 32) : Number(length);
  return privateBlocks.some(([network, width]) => {
    if ((isIP(network) === 6 ? "ipv6" : "ipv4") !== family || bits < width) return false;
    const list = new BlockList();
    list.addSubnet(network, width, family);
    return list.check(first, family);
  });
}

const hostOf = (url: string) => new URL(url).hostname.replace(/^\[|\]$/g, "");
/** "127.office.lan" is a name like another. */
const isLoopback = (host: string) =>
  host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));

const url = z
  .url({ protocol: /^https?$/ })
  .max(500)
  .refine((text) => !/[@#]/.test(text), "expected neither a password nor a # in it: it is shown in messages");

const lan = peer.refine(isPrivate, "expected an address or block of a private network (10/8, 172.16/12, 192.168/16)");

export const Webhook = z
  .strictObject({
    url,
    events: z
      .array(z.enum(eventNames))
      .min(1)
      .default([...eventNames]),
    /** What each event is signed with: its first line. */
    secretFile: z.string().min(1, "expected a path"),
    /** What the name in the URL may stand for. Default: the address in the URL. */
    addresses: z.array(lan).max(16).default([]),
    /** Also what is personal: names, numbers, addresses, what callers said. */
    personal: z.boolean().default(false),
    /** http: anybody on the way can read it. */
    inClear: z.boolean().default(false),
    giveUpDays: z.number().min(1).max(14).default(3),
    /** The name is by default the host. */
    tls: TlsTrust.prefault({}),
  })
  .refine(({ url, addresses }) => addresses.length > 0 || isIP(hostOf(url)) !== 0, {
    path: ["addresses"],
    message: "expected the addresses that the name in the URL stands for",
  })
  .refine(({ url }) => !address.safeParse(hostOf(url)).success || isPrivate(hostOf(url)), {
    path: ["url"],
    message: "expected a host of a private network (10/8, 172.16/12, 192.168/16)",
  })
  .refine(({ url, inClear }) => inClear || url.startsWith("https:") || isLoopback(hostOf(url)), {
    path: ["inClear"],
    message: "http can be read by anybody on the way: expected https in the URL, or true here",
  });
