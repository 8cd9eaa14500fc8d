/** Which page is shown: the address bar's path. */
import { signal } from "@preact/signals";
import type { ComponentChildren } from "preact";

export type Route =
  | { page: "live" }
  | { page: "calls" }
  | { page: "call"; id: string }
  | { page: "tasks" }
  | { page: "unanswered" }
  | { page: "contacts" }
  | { page: "contact"; id: string }
  | { page: "diary" }
  | { page: "pronunciation" }
  | { page: "account" }
  | { page: "system" };

export const route = signal<Route>(routeOf(location.pathname));
addEventListener("popstate", () => {
  route.value = routeOf(location.pathname);
});

export function routeOf(path: string): Route {
  const call = /^\/calls\/([^/]+)$/.exec(path)?.[1];
  if (call !== undefined) return { page: "call", id: decodeURIComponent(call) };
  const contact = /^\/contacts\/([^/]+)$/.exec(path)?.[1];
  if (contact !== undefined) return { page: "contact", id: decodeURIComponent(contact) };
  if (path === "/calls") return { page: "calls" };
  if (path === "/tasks") return { page: "tasks" };
  if (path === "/unanswered") return { page: "unanswered" };
  if (path === "/contacts") return { page: "contacts" };
  if (path === "/diary") return { page: "diary" };
  if (path === "/pronunciation") return { page: "pronunciation" };
  if (path === "/account") return { page: "account" };
  if (path === "/system") return { page: "system" };
  return { page: "live" };
}

export function goTo(path: string): void {
  if (path !== location.pathname) history.pushState(null, "", path);
  route.value = routeOf(path);
  scrollTo(0, 0);
}

type LinkProps = { to: string; class?: string; current?: boolean; label?: string; children: ComponentChildren };

/** A real link, so that it can be opened in another tab; a plain click stays in this page. */
export function Link({ to, class: name, current = false, label, children }: LinkProps) {
  return (
    <a
      href={to}
      class={name}
      aria-label={label}
      aria-current={current ? "page" : undefined}
      onClick={(event) => {
        if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        goTo(to);
      }}
    >
      {children}
    </a>
  );
}
