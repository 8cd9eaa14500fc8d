/** The agency's listings, ordered for hearing: by street, number, postcode and reference. */
import type { Property } from "../../agency/types.ts";
import { type Address, parseAddress } from "./addresses.ts";
import { soundOf } from "./sounds.ts";

export type Place = { property: Property; address: Address; street: Street };

export type Street = {
  /** "maple road". */
  key: string;
  name: string;
  type: string;
  /** Of the name, and of name and type together. */
  nameSound: string;
  keySound: string;
  places: Place[];
};

export type Register = {
  places: readonly Place[];
  byId: ReadonlyMap<string, Place>;
  /** By the sound of the name: Maple Road and Maple Close are under one. */
  bySound: ReadonlyMap<string, readonly Street[]>;
  byKey: ReadonlyMap<string, Street>;
  byName: ReadonlyMap<string, readonly Street[]>;
  byNumber: ReadonlyMap<string, readonly Place[]>;
  byHouse: ReadonlyMap<string, readonly Place[]>;
  /** Without the space. */
  byPostcode: ReadonlyMap<string, readonly Place[]>;
};

const registers = new WeakMap<readonly Property[], Register>();

/**
 * The register of these listings. Made once for each array: a view that hands out the same array while nothing has
 * changed pays for it once (5,000 listings: some 20 ms).
 */
export function registerOf(properties: readonly Property[]): Register {
  const known = registers.get(properties);
  if (known !== undefined) return known;
  const made = build(properties);
  registers.set(properties, made);
  return made;
}

/** Addresses are parsed once even where a view hands out a new array each time. Bounded: emptied when it has grown. */
const parsed = new Map<string, Address>();
const MAX_PARSED = 50_000;

function addressOf(text: string): Address {
  const known = parsed.get(text);
  if (known !== undefined) return known;
  if (parsed.size >= MAX_PARSED) parsed.clear();
  const address = parseAddress(text);
  parsed.set(text, address);
  return address;
}

function build(properties: readonly Property[]): Register {
  const byKey = new Map<string, Street>();
  const [byName, byNumber] = [new Map<string, Street[]>(), new Map<string, Place[]>()];
  const [byHouse, byPostcode] = [new Map<string, Place[]>(), new Map<string, Place[]>()];
  const byId = new Map<string, Place>();
  const bySound = new Map<string, Street[]>();
  const places: Place[] = [];
  for (const property of properties) {
    const address = addressOf(property.address);
    const key = `${address.name} ${address.type}`.trim();
    let street = byKey.get(key);
    if (street === undefined) {
      street = newStreet(key, address);
      byKey.set(key, street);
      push(byName, street.name, street);
      push(bySound, street.nameSound, street);
    }
    const place: Place = { property, address, street };
    street.places.push(place);
    places.push(place);
    byId.set(property.id.toLowerCase(), place);
    if (address.number !== undefined) push(byNumber, address.number, place);
    if (address.house !== "") push(byHouse, address.house, place);
    push(byPostcode, property.postcode.replace(/\s/g, "").toUpperCase(), place);
  }
  return { places, byId, bySound, byKey, byName, byNumber, byHouse, byPostcode };
}

function newStreet(key: string, { name, type }: Address): Street {
  return { key, name, type, nameSound: soundOf(name), keySound: soundOf(key), places: [] };
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
