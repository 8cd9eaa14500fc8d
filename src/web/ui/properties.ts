/** The agency's properties by id, loaded once they are needed. */
import { signal } from "@preact/signals";
import type { Property } from "../api/shapes.ts";
import { get } from "./api.ts";

const properties = signal<ReadonlyMap<string, Property>>(new Map());
let asked = false;

/** Ids stay as they are until the list is there, or if it cannot be had. */
export function loadProperties(): void {
  if (asked) return;
  asked = true;
  get<{ properties: Property[] }>("/properties", undefined, true).then(
    (answer) => {
      properties.value = new Map(answer.properties.map((property) => [property.id, property]));
    },
    () => {
      asked = false; // the next page tries again
    },
  );
}

export const addressOf = (propertyId: string): string | undefined => properties.value.get(propertyId)?.address;
