import type { CachedAgencyView } from "../agency/agency-view.ts";
import { createManageTask } from "../agency/manage-task.ts";
import type { Records } from "../store/open-store.ts";
import type { WebOffice } from "../web/api/ports.ts";
import type { Base } from "./base.ts";

/** The office's tasks, contacts and open questions, for the web pages. */
export function openOffice(
  { clock }: Pick<Base, "clock">,
  records: Pick<Records, "store" | "audit" | "board" | "officeReaders">,
  view: Pick<CachedAgencyView, "catalogue">,
): WebOffice {
  const { officeReaders: readers, store: work, board, audit } = records;
  const manage = createManageTask({ work, board, audit, catalogue: view.catalogue });
  return {
    tasks: (actor, query) => ({
      tasks: readers.tasks(actor, query),
      staff: view.catalogue().staff.map(({ id, name }) => ({ id, name })),
    }),
    unanswered: readers.unanswered,
    contacts: readers.contacts,
    contact: readers.contact,
    done: (taskId, actor) => manage.done(taskId, actor, clock()),
    reopen: (taskId, actor) => manage.reopen(taskId, actor, clock()),
    assign: (taskId, staffId, actor) => manage.assign(taskId, staffId, actor, clock()),
  };
}
