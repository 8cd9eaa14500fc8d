/** The same records, which tell of every change: inside its own transaction, so that neither is without the other. */
import {
  applicantEvent,
  type EventContact,
  maintenanceEvent,
  messageEvent,
  type OfficeEvent,
  offerEvent,
  taskEvent,
  valuationEvent,
  viewingEvent,
} from "../agency/webhooks/events.ts";
import type { Store } from "./connection.ts";
import type { Records } from "./open-store.ts";

/** @param tell Writes down what happened; what it throws undoes the change. */
export function withEvents(records: Records, tell: (event: OfficeEvent) => void): Records {
  const { store, messages, maintenance, offers, applicants, tasks } = records;
  const isKnown = (table: "maintenance" | "offer" | "applicant" | "task") => {
    const find = store.db.prepare<[string], object>(`SELECT 1 FROM ${table} WHERE id = ?`);
    return (id: string) => find.get(id) !== undefined;
  };
  const known = {
    maintenance: isKnown("maintenance"),
    offer: isKnown("offer"),
    applicant: isKnown("applicant"),
    task: isKnown("task"),
  };
  const both = (write: () => void, event: OfficeEvent) =>
    store.withTransaction(() => {
      write();
      tell(event);
    });
  const tellingTasks: Records["tasks"] = {
    ...tasks,
    put: (task, at) => both(() => tasks.put(task, at), taskEvent(task, known.task(task.id))),
  };
  return {
    ...records,
    callLog: records.callLogWith(tellingTasks),
    board: tellingBoard(records, tell),
    viewings: tellingViewings(records, tell),
    valuations: tellingValuations(records, tell),
    messages: { ...messages, add: (message) => both(() => messages.add(message), messageEvent(message)) },
    maintenance: {
      ...maintenance,
      put: (job) => both(() => maintenance.put(job), maintenanceEvent(job, known.maintenance(job.id))),
    },
    offers: { ...offers, put: (offer) => both(() => offers.put(offer), offerEvent(offer, known.offer(offer.id))) },
    applicants: {
      ...applicants,
      put: (one, at) => both(() => applicants.put(one, at), applicantEvent(one, known.applicant(one.id))),
    },
    tasks: tellingTasks,
  };
}

/** What the office does with its tasks. */
function tellingBoard({ store, board, tasks }: Records, tell: (event: OfficeEvent) => void): Records["board"] {
  const changing = (id: string, write: () => void) =>
    store.withTransaction(() => {
      write();
      const task = tasks.byId(id);
      if (task !== undefined) tell(taskEvent(task, true));
    });
  return {
    ...board,
    setStatus: (id, status, doneAt) => changing(id, () => board.setStatus(id, status, doneAt)),
    assign: (id, staffId) => changing(id, () => board.assign(id, staffId)),
  };
}

function tellingViewings({ store, viewings }: Records, tell: (event: OfficeEvent) => void): Records["viewings"] {
  return {
    ...viewings,
    add: (viewing, cells, at) =>
      store.withTransaction(() => {
        viewings.add(viewing, cells, at);
        tell(viewingEvent("viewing.booked", viewing));
      }),
    move: (viewing, cells) =>
      store.withTransaction(() => {
        viewings.move(viewing, cells);
        tell(viewingEvent("viewing.moved", viewing));
      }),
    cancel: (id) =>
      store.withTransaction(() => {
        viewings.cancel(id);
        const viewing = viewings.byId(id);
        if (viewing !== undefined) tell(viewingEvent("viewing.cancelled", viewing));
      }),
  };
}

function tellingValuations({ store, valuations }: Records, tell: (event: OfficeEvent) => void): Records["valuations"] {
  const tellOf = (name: "valuation.changed" | "valuation.cancelled", id: string) => {
    const valuation = valuations.byId(id);
    if (valuation !== undefined) tell(valuationEvent(name, valuation));
  };
  return {
    ...valuations,
    add: (valuation, cells, at) =>
      store.withTransaction(() => {
        valuations.add(valuation, cells, at);
        tell(valuationEvent("valuation.booked", valuation));
      }),
    move: (valuation, cells) =>
      store.withTransaction(() => {
        valuations.move(valuation, cells);
        tell(valuationEvent("valuation.moved", valuation));
      }),
    setDetails: (id, details) =>
      store.withTransaction(() => {
        valuations.setDetails(id, details);
        tellOf("valuation.changed", id);
      }),
    cancel: (id) =>
      store.withTransaction(() => {
        valuations.cancel(id);
        tellOf("valuation.cancelled", id);
      }),
  };
}

/** As it is inside the transaction. */
export function eventContacts({ db }: Store): (contactId: string) => EventContact | undefined {
  const find = db.prepare<[string], EventContact>("SELECT name, phone, email FROM contact WHERE id = ?");
  return (contactId) => find.get(contactId);
}
