/** What each role may do. */
export type Permission =
  | "live:read"
  | "calls:read"
  | "recordings:read"
  | "signalling:read"
  | "diary:read"
  | "tasks:read"
  /** Assigning them, and that they are done. */
  | "tasks:manage"
  | "contacts:read"
  /** What callers asked in vain. */
  | "insights:read"
  | "properties:read"
  | "status:read"
  /** How the voice says words. */
  | "pronunciations:manage"
  /** Draining, and the trace of SIP messages. */
  | "system:manage";

export type Role = "manager";

/** Denied unless it is named here. */
const granted: Record<Role, ReadonlySet<Permission>> = {
  manager: new Set([
    "live:read",
    "calls:read",
    "recordings:read",
    "signalling:read",
    "diary:read",
    "tasks:read",
    "tasks:manage",
    "contacts:read",
    "insights:read",
    "properties:read",
    "status:read",
    "pronunciations:manage",
    "system:manage",
  ]),
};

export const permissionsOf = (role: Role): Permission[] => [...granted[role]];

export const isGranted = (role: Role, permission: Permission): boolean => granted[role].has(permission);
