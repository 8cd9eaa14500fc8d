import type { ComponentChildren } from "preact";
import type { Me, Permission } from "../api/shapes.ts";
import { connected, runningCalls } from "./live.ts";
import { Icon, type IconName } from "./parts/icon.tsx";
import { Link, type Route } from "./router.tsx";
import { may, signOut } from "./session.ts";

type Page = Route["page"];
type Destination = { page: Page; to: string; label: string; icon: IconName; needs?: Permission };
const destinations: Destination[] = [
  { page: "live", to: "/", label: "Live", icon: "live" },
  { page: "calls", to: "/calls", label: "Calls", icon: "calls" },
  { page: "tasks", to: "/tasks", label: "Tasks", icon: "check", needs: "tasks:read" },
  { page: "diary", to: "/diary", label: "Diary", icon: "diary" },
  { page: "contacts", to: "/contacts", label: "Contacts", icon: "people", needs: "contacts:read" },
];

/** Pages that are reached from another, and shown as part of it. */
const within: Partial<Record<Page, Page>> = { call: "calls", unanswered: "calls", contact: "contacts" };

/** What surrounds every page: where to go, whether the line to the appliance stands, who is signed in. */
export function Shell({ me, at, children }: { me: Me; at: Page; children: ComponentChildren }) {
  const here = within[at] ?? at;
  return (
    <div class="shell">
      <a class="skip" href="#main">
        Skip to the page
      </a>
      <header class="rail">
        <div class="brand">
          <Icon name="gate" />
          <div>
            <strong>Gatehouse</strong>
            <span>{me.agency}</span>
          </div>
        </div>
        <nav aria-label="Pages">
          {destinations
            .filter(({ needs }) => needs === undefined || may(needs))
            .map(({ page, to, label, icon }) => (
              <Link key={page} to={to} class="nav-item" current={here === page}>
                <Icon name={icon} />
                <span>{label}</span>
                {page === "live" && <LiveCount />}
              </Link>
            ))}
        </nav>
        <div class="rail-foot">
          <Connection />
          {may("pronunciations:manage") && (
            <Link to="/pronunciation" class="foot-link" current={at === "pronunciation"}>
              <Icon name="speech" />
              <span>Pronunciation</span>
            </Link>
          )}
          <Link to="/system" class="foot-link" current={at === "system"}>
            <Icon name="system" />
            <span>System</span>
          </Link>
          <Link to="/account" class="foot-link" current={at === "account"}>
            <Icon name="person" />
            <span class="ellipsis">{me.email}</span>
          </Link>
          <button type="button" class="foot-link" onClick={() => void signOut()}>
            <Icon name="leave" />
            <span>Sign out</span>
          </button>
        </div>
      </header>
      {children}
    </div>
  );
}

function LiveCount() {
  const count = runningCalls.value.length;
  if (count === 0) return null;
  return (
    <span class="count">
      {count}
      <span class="hidden"> {count === 1 ? "call" : "calls"} now</span>
    </span>
  );
}

function Connection() {
  return connected.value ? (
    <output class="connection is-on">Connected</output>
  ) : (
    <output class="connection">Reconnecting…</output>
  );
}
