import type { CachedAgencyView } from "../agency/agency-view.ts";
import type { StepView } from "../receptionist/contract.ts";

/** What the receptionist knows of the office: its listings and diary, and whom and what there is in it. */
export const officeView = (view: CachedAgencyView): StepView => ({
  ...view,
  branches: () => view.catalogue().branches,
  departments: () => view.catalogue().staff.map(({ department }) => department),
});
