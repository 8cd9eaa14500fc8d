import { expect, test } from "bun:test";
import { orderServices, type ServiceRecord, serviceName } from "../../src/sip/locate.ts";
import { seeded } from "./random.ts";

const record = (name: string, priority: number, weight: number): ServiceRecord => ({
  name,
  priority,
  weight,
  port: 5060,
});
const names = (records: readonly ServiceRecord[], random: () => number) =>
  orderServices(records, random)
    .map(({ name }) => name)
    .join("");

test("The service of each transport; TLS is _sips._tcp", () => {
  expect([serviceName("udp", "a.test"), serviceName("tcp", "a.test"), serviceName("tls", "a.test")]).toEqual([
    "_sip._udp.a.test",
    "_sip._tcp.a.test",
    "_sips._tcp.a.test",
  ]);
});

test("The lowest priority first, whatever the weights", () => {
  const records = [record("c", 30, 0), record("a", 1, 0), record("b", 2, 65_535)];
  for (const chance of [0, 0.5, 0.999]) expect(names(records, () => chance)).toBe("abc");
});

test("Within a priority by weight: the mark falls from 0 to the sum, both included, and 0 stands in front", () => {
  const records = [record("a", 1, 10), record("b", 1, 30), record("z", 1, 0)];
  expect(names(records, () => 0)).toBe("zab");
  expect(names(records, () => 1 / 41)).toBe("azb"); // mark 1 of 0 … 40, then 0 of 0 … 30
  const marks = [10.5 / 41, 0];
  expect(names(records, () => marks.shift() ?? 0)).toStartWith("a");
  expect(names(records, () => 11.5 / 41)).toStartWith("b");
  expect(names(records, () => 0.999_999)).toStartWith("b");
});

test("Shares follow the weights", () => {
  const { next } = seeded(7);
  const records = [record("a", 1, 10), record("b", 1, 30), record("z", 1, 0)];
  const first = { a: 0, b: 0, z: 0 };
  for (let draw = 0; draw < 41_000; draw += 1) first[names(records, next)[0] as "a" | "b" | "z"] += 1;
  expect(first.z).toBeWithin(850, 1_150);
  expect(first.a).toBeWithin(9_600, 10_400);
  expect(first.b).toBeWithin(29_500, 30_500);
});

test('A single "." says that there is no such service; nothing is nothing', () => {
  expect(orderServices([record(".", 0, 0)], Math.random)).toEqual([]);
  expect(orderServices([record("", 0, 0)], Math.random)).toEqual([]);
  expect(orderServices([], Math.random)).toEqual([]);
});
