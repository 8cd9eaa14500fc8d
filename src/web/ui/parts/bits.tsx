/** Small parts that every page uses. */
import type { ComponentChildren } from "preact";
import type { Loaded } from "../load.ts";
import { outcomeOf, type Tone } from "../words.ts";
import { Icon, type IconName } from "./icon.tsx";

export function Badge({ tone, children }: { tone: Tone; children: ComponentChildren }) {
  return <span class={`badge is-${tone}`}>{children}</span>;
}

export function OutcomeBadge({ outcome }: { outcome: string | null }) {
  const { label, tone } = outcomeOf(outcome);
  return <Badge tone={tone}>{label}</Badge>;
}

export function PageHead({ title, sub, children }: { title: string; sub?: string; children?: ComponentChildren }) {
  return (
    <div class="page-head">
      <div>
        <h1>{title}</h1>
        {sub !== undefined && <p class="sub">{sub}</p>}
      </div>
      {children !== undefined && <div class="page-actions">{children}</div>}
    </div>
  );
}

/** Nothing to show, and why that is fine. */
export function Empty({ icon, title, children }: { icon: IconName; title: string; children: ComponentChildren }) {
  return (
    <div class="empty">
      <Icon name={icon} />
      <h2>{title}</h2>
      <p>{children}</p>
    </div>
  );
}

export function Trouble({ message }: { message: string }) {
  return (
    <p class="notice is-bad" role="alert">
      <Icon name="alert" />
      {message}
    </p>
  );
}

/** One of three: a quiet placeholder, the trouble, or the thing. */
export function Shown<T>({ of, children }: { of: Loaded<T>; children: (value: T) => ComponentChildren }) {
  if (of.kind === "loading") return <output class="loading">Loading…</output>;
  if (of.kind === "failed") return <Trouble message={of.message} />;
  return <>{children(of.value)}</>;
}

export function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div class="fact">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
