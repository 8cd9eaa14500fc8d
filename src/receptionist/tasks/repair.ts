/**
 * A tenant's repair. One that cannot wait is written down as soon as the property is known, before name and number, and
 * whoever is on duty is rung. What the agency does not manage is the landlord's, emergencies excepted.
 */

import type { Action } from "../contract.ts";
import { type Draft, say, setSlot, slotOf, submit } from "../draft.ts";
import { propertyWith } from "../listening.ts";
import { readUrgency } from "../understanding/emergencies.ts";
import { readFault, speaksOfVulnerable } from "../understanding/faults.ts";
import type { Urgency } from "../understanding/urgent-words.ts";
import type { TaskRules } from "./task-rules.ts";

const MAX_FAULT_CHARACTERS = 500;

export const repairRules: TaskRules = {
  begin(draft, heard, words) {
    if (speaksOfVulnerable(words)) setSlot(draft, "vulnerable", "yes", 0.9);
    if (readFault(words, false) !== undefined || readUrgency(asHeard(words)) !== undefined) {
      setSlot(draft, "fault", words.trim().slice(0, MAX_FAULT_CHARACTERS), 0.9);
    }
    return heard;
  },
  next(draft) {
    const [property, fault] = [propertyOf(draft), faultOf(draft)];
    if (property === undefined || fault === undefined) return false;
    if (fault.priority !== "emergency") {
      if (property.managed) return false;
      say(draft, "notManaged", { property: property.address });
      return "dropped";
    }
    if (draft.state.reported !== "not") return false;
    draft.state.reported = "sent";
    if (fault.emergency !== undefined && fault.emergency !== draft.state.urgent) alert(draft, fault.emergency);
    submit(draft, action(draft));
    return true;
  },
  action,
  about(draft) {
    const value = (name: "fault" | "access") => slotOf(draft, name)?.value;
    const where = propertyOf(draft)?.address;
    const parts = ["Repair", where && `at ${where}`, value("fault") && `: ${value("fault")}`];
    return `${parts.filter(Boolean).join(" ").replace(" :", ":")}`;
  },
  tell(draft) {
    draft.state.messaged = true;
    if (draft.state.reported !== "sent") {
      say(draft, draft.state.reported === "told" ? "emergencyComplete" : "faultLogged");
      return undefined;
    }
    draft.state.reported = "told";
    say(draft, "emergencyLogged");
    return "on-duty";
  },
  failed: "faultFailed",
};

function alert(draft: Draft, emergency: Urgency): void {
  draft.state.urgent = emergency;
  draft.effects.push({ kind: "emergency", emergency });
}

const propertyOf = (draft: Draft) => propertyWith(draft, slotOf(draft, "property")?.value ?? "");

const faultOf = (draft: Draft) => {
  const words = slotOf(draft, "fault")?.value;
  const isVulnerable = slotOf(draft, "vulnerable")?.value === "yes";
  if (words === undefined) return undefined;
  const urgency = readUrgency(asHeard(words));
  if (urgency !== undefined) return { priority: "emergency" as const, emergency: urgency };
  return readFault(words, isVulnerable) ?? { priority: "routine" as const, emergency: undefined };
};

const asHeard = (text: string) => ({ text, nbest: [] });

function action(draft: Draft): Action {
  const property = propertyOf(draft);
  return {
    kind: "report-fault",
    request: {
      propertyId: property?.id,
      address: property?.address ?? "",
      fault: slotOf(draft, "fault")?.value ?? "",
      priority: faultOf(draft)?.priority ?? "routine",
      vulnerable: slotOf(draft, "vulnerable")?.value === "yes",
      access: slotOf(draft, "access")?.value,
      since: draft.state.details.since,
      name: slotOf(draft, "name")?.value ?? "",
      phone: slotOf(draft, "phone")?.value ?? "",
    },
  };
}
