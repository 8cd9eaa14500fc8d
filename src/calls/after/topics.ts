/** What callers ask about, in words for managers. */
import { wordsOfKey } from "../../receptionist/understanding/questions.ts";

/** Those that are not simply their key in words. */
const named: Readonly<Record<string, string>> = {
  availability: "whether it is still available",
  "available-from": "when it is available",
  bathrooms: "the bathrooms",
  beds: "the bedrooms",
  chain: "the chain",
  "council-tax": "the council tax",
  departments: "our departments",
  deposit: "the deposit",
  epc: "the energy rating",
  "flood-risk": "the risk of flooding",
  "floor-area": "the floor area",
  furnished: "the furnishing",
  garden: "the garden",
  "ground-rent": "the ground rent",
  heating: "the heating",
  lease: "the lease",
  "office-address": "our address",
  "office-hours": "our opening hours",
  other: "something else",
  price: "the price",
  private: "the owner or other people's offers",
  "service-charge": "the service charge",
  tenure: "the tenure",
  type: "the type of property",
};

/** "the service charge", "parking". */
export const topicInWords = (topic: string): string => named[topic] ?? (wordsOfKey(topic).join(" ") || topic);

/** As a heading: "Service charge". */
export function topicTitle(topic: string): string {
  const words = topicInWords(topic).replace(/^(?:the|our) /, "");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
