import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { messageOf } from "../api.ts";
import { Trouble } from "../parts/bits.tsx";
import { Icon } from "../parts/icon.tsx";
import { signIn } from "../session.ts";

/** The frame of the pages before one is in. */
export function Door({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <main class="door">
      <div class="door-card">
        <div class="door-brand">
          <Icon name="gate" />
          <span>Gatehouse</span>
        </div>
        <h1>{title}</h1>
        {children}
      </div>
    </main>
  );
}

type FieldProps = {
  label: string;
  hint?: string;
  type: "email" | "password";
  autocomplete: "username" | "current-password" | "new-password";
  value: string;
  onValue: (value: string) => void;
};

export function Field({ label, hint, type, autocomplete, value, onValue }: FieldProps) {
  const id = label.toLowerCase().replaceAll(/\W+/g, "-");
  const common = {
    id,
    autocomplete,
    value,
    required: true,
    "aria-describedby": hint === undefined ? undefined : `${id}-hint`,
    onInput: (event: { currentTarget: HTMLInputElement }) => onValue(event.currentTarget.value),
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {type === "email" ? <input {...common} type="email" /> : <input {...common} type="password" />}
      {hint !== undefined && (
        <p id={`${id}-hint`} class="hint">
          {hint}
        </p>
      )}
    </div>
  );
}

/** Runs `work` once at a time and keeps what went wrong. */
export function useSubmit(work: () => Promise<void>) {
  const [trouble, setTrouble] = useState<string | undefined>(undefined);
  const [busy, setBusy] = useState(false);
  async function run(): Promise<void> {
    setBusy(true);
    setTrouble(undefined);
    try {
      await work();
    } catch (error) {
      setTrouble(messageOf(error));
    }
    setBusy(false);
  }
  return {
    trouble,
    busy,
    onSubmit(event: Event) {
      event.preventDefault();
      if (!busy) void run();
    },
  };
}

export function SignInPage({ notice }: { notice: string | undefined }) {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const { trouble, busy, onSubmit } = useSubmit(() => signIn(email, password));
  return (
    <Door title="Sign in">
      {notice !== undefined && trouble === undefined && <p class="notice is-info">{notice}</p>}
      {trouble !== undefined && <Trouble message={trouble} />}
      <form onSubmit={onSubmit}>
        <Field label="E-mail" type="email" autocomplete="username" value={email} onValue={setEmail} />
        <Field
          label="Password"
          type="password"
          autocomplete="current-password"
          value={password}
          onValue={setPassword}
        />
        <button type="submit" class="button is-main is-wide" disabled={busy}>
          {busy ? "Signing in…" : "Sign in"}
        </button>
      </form>
      <p class="door-foot">First time here, or forgot the password? Ask your IT for a one-time sign-in link.</p>
    </Door>
  );
}
