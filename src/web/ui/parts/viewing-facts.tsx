import type { ViewingCard } from "../../api/shapes.ts";
import { phone, shortDay } from "../format.ts";
import { Badge, Fact } from "./bits.tsx";

/** What, when, who, as a list of facts. */
export function ViewingFacts({ viewing }: { viewing: ViewingCard }) {
  const { property, contact, staff, start, minutes, status, awaiting } = viewing;
  return (
    <dl>
      <Fact name="Property">
        {property.address} <span class="soft">{property.postcode}</span>
      </Fact>
      <Fact name="When">
        {shortDay(start.slice(0, 10))}, {start.slice(11)} <span class="soft">({minutes} min)</span>
      </Fact>
      <Fact name="With">{contact.name}</Fact>
      <Fact name="Phone">
        <a href={`tel:${contact.phone}`}>{phone(contact.phone)}</a>
      </Fact>
      {contact.email !== null && <Fact name="E-mail">{contact.email}</Fact>}
      <Fact name="Negotiator">{staff.name}</Fact>
      {status === "cancelled" && (
        <Fact name="State">
          <Badge tone="quiet">Cancelled</Badge>
        </Fact>
      )}
      {awaiting !== undefined && awaiting !== null && status === "booked" && (
        <Fact name="Still due">
          <Badge tone="warn">{awaiting === "vendor" ? "Owner's yes" : "Tenant's notice"}</Badge>
        </Fact>
      )}
    </dl>
  );
}
