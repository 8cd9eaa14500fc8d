import { AppError } from "../app-error.ts";
import { checkedIfGiven, checkLengths, contactIfGiven } from "./callers.ts";
import type { Maintenance, Priority, ReportFault, ReportFaultRequest } from "./enquiries.ts";
import type { AuditTrail, ContactRecords, MaintenanceRecords, UnitOfWork } from "./ports.ts";

const urgency: Record<Priority, number> = { routine: 0, urgent: 1, emergency: 2 };

/** Contract: see `ReportFault`. */
export function createReportFault(parts: {
  work: UnitOfWork;
  contacts: ContactRecords;
  maintenance: MaintenanceRecords;
  audit: AuditTrail;
  newId(): string;
  reported?: (job: Maintenance) => void;
}): ReportFault {
  return (request, actor, now) => {
    const asked = checked(request);
    const { job, changed } = parts.work.withTransaction(() => {
      const known = asked.callId ? sameFault(parts.maintenance.ofCall(asked.callId), asked) : undefined;
      const contactId = contactIfGiven(parts, asked)?.id ?? known?.contactId;
      const job = completed(known, { ...asked, contactId, id: parts.newId(), reportedAt: now.toISOString() });
      if (known !== undefined && isSame(known, job)) return { job: known, changed: false };
      parts.audit.record({
        at: now,
        actor,
        action: known === undefined ? "maintenance.report" : "maintenance.complete",
        subjects: {
          maintenance: job.id,
          property: job.propertyId ?? null,
          contact: contactId ?? null,
          priority: job.priority,
          phone: asked.phone === "" ? null : parts.audit.hash("phone", asked.phone),
        },
      });
      parts.maintenance.put(job);
      return { job, changed: true };
    });
    const { reported } = parts;
    if (changed && reported !== undefined) queueMicrotask(() => reported(job));
    return job;
  };
}

function checked(request: ReportFaultRequest): ReportFaultRequest {
  const [address, fault] = [request.address.trim(), request.fault.trim()];
  if (fault === "") throw new AppError("invalid_input", "What is wrong must be said.");
  if (address === "" && request.propertyId === undefined) {
    throw new AppError("invalid_input", "The address is needed: somebody has to get there.");
  }
  checkLengths({ address, fault, access: request.access, since: request.since });
  return checkedIfGiven({ ...request, address, fault });
}

const sameFault = (jobs: readonly Maintenance[], { propertyId, address, fault }: ReportFaultRequest) =>
  jobs.find((job) => job.fault === fault && job.propertyId === propertyId && job.address === address);

/** What was said later adds to what was said first, and makes nothing less urgent. */
function completed(known: Maintenance | undefined, told: Maintenance & { name?: string; phone?: string }): Maintenance {
  const { name: _name, phone: _phone, ...job } = told;
  if (known === undefined) return job;
  return {
    ...known,
    contactId: job.contactId ?? known.contactId,
    priority: urgency[job.priority] > urgency[known.priority] ? job.priority : known.priority,
    vulnerable: job.vulnerable || known.vulnerable,
    access: job.access ?? known.access,
    since: job.since ?? known.since,
  };
}

const isSame = (a: Maintenance, b: Maintenance) =>
  a.contactId === b.contactId &&
  a.priority === b.priority &&
  a.vulnerable === b.vulnerable &&
  a.access === b.access &&
  a.since === b.since;
