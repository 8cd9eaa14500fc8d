/** A DNS server on loopback that knows what it is told (RFC 1035 §4, RFC 2782): for names that tests resolve. */
import { Resolver } from "node:dns/promises";
import { type Names, servicesFrom } from "../../../src/sip/transport/locator.ts";

/** By name: addresses (IPv4), and services as "priority weight port target". */
export type Zone = Record<string, { a?: readonly string[]; srv?: readonly string[] }>;

export async function startDns(zone: Zone) {
  const asked: string[] = [];
  let silent = false;
  const socket = await Bun.udpSocket({
    hostname: "127.0.0.1",
    port: 0,
    socket: {
      data(own, query, port, address) {
        if (!silent) own.send(answerTo(Buffer.from(query), zone, asked), port, address);
      },
    },
  });
  const resolver = new Resolver({ timeout: 300, tries: 1 });
  resolver.setServers([`127.0.0.1:${socket.port}`]);
  const names: Names = {
    services: (name) => servicesFrom(resolver, name),
    addresses: (host) => resolver.resolve4(host),
  };
  return {
    names,
    /** "name type" of each question. */
    asked,
    zone,
    silence(on: boolean) {
      silent = on;
    },
    close: () => socket.close(),
  };
}

const types = { a: 1, srv: 33 };

function answerTo(query: Buffer, zone: Zone, asked: string[]): Buffer {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString("latin1", at + 1, at + 1 + length));
    at += 1 + length;
  }
  const name = labels.join(".").toLowerCase();
  const type = query.readUInt16BE(at + 1);
  asked.push(`${name} ${type}`);
  const found = zone[name];
  const a =
    type === types.a ? (found?.a ?? []).map((one) => answer(type, Buffer.from(one.split(".").map(Number)))) : [];
  const srv = type === types.srv ? (found?.srv ?? []).map((one) => answer(type, serviceData(one))) : [];
  const header = Buffer.from(query.subarray(0, 12));
  header.writeUInt16BE(found === undefined ? 0x8183 : 0x8180, 2); // NXDOMAIN, or no error
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(a.length + srv.length, 6);
  header.writeUInt32BE(0, 8);
  return Buffer.concat([header, query.subarray(12, at + 5), ...a, ...srv]);
}

function answer(type: number, data: Buffer): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc00c, 0); // the name of the question
  head.writeUInt16BE(type, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt32BE(0, 6); // to be kept for no time at all
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}

function serviceData(text: string): Buffer {
  const [priority = "", weight = "", port = "", target = ""] = text.split(" ");
  const numbers = Buffer.alloc(6);
  for (const [index, value] of [priority, weight, port].entries()) numbers.writeUInt16BE(Number(value), index * 2);
  const labels = target === "." ? [] : target.split(".");
  return Buffer.concat([
    numbers,
    ...labels.map((label) => Buffer.concat([Buffer.from([label.length]), Buffer.from(label)])),
    Buffer.from([0]),
  ]);
}
