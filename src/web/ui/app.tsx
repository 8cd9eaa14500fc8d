import { useEffect, useRef } from "preact/hooks";
import type { Me } from "../api/shapes.ts";
import { runningCalls } from "./live.ts";
import { AccountPage, FirstPasswordPage } from "./pages/account-page.tsx";
import { CallPage } from "./pages/call-page.tsx";
import { CallsPage } from "./pages/calls-page.tsx";
import { ContactPage } from "./pages/contact-page.tsx";
import { ContactsPage } from "./pages/contacts-page.tsx";
import { DiaryPage } from "./pages/diary-page.tsx";
import { LivePage } from "./pages/live-page.tsx";
import { PronunciationPage } from "./pages/pronunciation-page.tsx";
import { SignInPage } from "./pages/sign-in-page.tsx";
import { SystemPage } from "./pages/system-page.tsx";
import { TasksPage } from "./pages/tasks-page.tsx";
import { UnansweredPage } from "./pages/unanswered-page.tsx";
import { type Route, route } from "./router.tsx";
import { session } from "./session.ts";
import { Shell } from "./shell.tsx";

const titles: Record<Route["page"], string> = {
  live: "Live calls",
  calls: "Calls",
  call: "Call",
  tasks: "Tasks",
  unanswered: "Not answered",
  contacts: "Contacts",
  contact: "Contact",
  diary: "Diary",
  pronunciation: "Pronunciation",
  account: "Your account",
  system: "System",
};

export function App() {
  const state = session.value;
  if (state.kind === "starting") return <output class="starting">Opening Gatehouse…</output>;
  if (state.kind === "signed-out") return <SignInPage notice={state.notice} />;
  if (!state.me.ready) return <FirstPasswordPage />;
  return <SignedIn me={state.me} />;
}

function SignedIn({ me }: { me: Me }) {
  const at = route.value;
  const main = useRef<HTMLElement>(null);
  const key = at.page === "call" || at.page === "contact" ? at.id : at.page;
  const first = useRef(true);
  const running = runningCalls.value.length;
  document.title = `${running > 0 ? `(${running}) ` : ""}${titles[at.page]} · Gatehouse`;
  useEffect(() => {
    // A new page: readers of the screen are told by moving the focus there, except on the first one.
    if (!first.current) main.current?.focus();
    first.current = false;
  }, [key]);
  return (
    <Shell me={me} at={at.page}>
      <main id="main" ref={main} tabIndex={-1} key={key}>
        <Page at={at} me={me} />
      </main>
    </Shell>
  );
}

function Page({ at, me }: { at: Route; me: Me }) {
  switch (at.page) {
    case "live":
      return <LivePage />;
    case "calls":
      return <CallsPage />;
    case "call":
      return <CallPage id={at.id} />;
    case "tasks":
      return <TasksPage />;
    case "unanswered":
      return <UnansweredPage />;
    case "contacts":
      return <ContactsPage />;
    case "contact":
      return <ContactPage id={at.id} />;
    case "diary":
      return <DiaryPage />;
    case "pronunciation":
      return <PronunciationPage />;
    case "account":
      return <AccountPage me={me} />;
    case "system":
      return <SystemPage />;
    default:
      return at satisfies never;
  }
}
