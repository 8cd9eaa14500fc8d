import { useState } from "preact/hooks";
import type { Me } from "../../api/shapes.ts";
import { PageHead, Trouble } from "../parts/bits.tsx";
import { goTo } from "../router.tsx";
import { chooseCredentials } from "../session.ts";
import { Door, Field, useSubmit } from "./sign-in-page.tsx";

const passwordHint = "At least 12 characters. Three or four unrelated words are good.";

/** After the link: nothing else can be done before one can come back without it. */
export function FirstPasswordPage() {
  return (
    <Door title="Welcome">
      <p class="lead">The link worked, and works no more. Choose how you will sign in from now on.</p>
      <CredentialsForm email="" asksCurrent={false} submit="Save and go on" done={() => goTo("/")} />
      <p class="door-foot">Your password is kept on this appliance only, as an argon2id hash.</p>
    </Door>
  );
}

export function AccountPage({ me }: { me: Me }) {
  const [saved, setSaved] = useState(false);
  return (
    <>
      <PageHead title="Your account" sub={`Signed in as a ${me.role}`} />
      <section class="panel is-narrow">
        <h2>E-mail and password</h2>
        {saved && (
          <output class="notice is-good">Saved. Every other browser that was signed in as you is signed out.</output>
        )}
        <CredentialsForm
          key={me.email}
          email={me.email ?? ""}
          asksCurrent={!me.viaLink}
          submit="Save"
          done={() => setSaved(true)}
        />
      </section>
    </>
  );
}

type FormProps = { email: string; asksCurrent: boolean; submit: string; done: () => void };

function CredentialsForm({ email: known, asksCurrent, submit, done }: FormProps) {
  const [email, setEmail] = useState(known);
  const [currentPassword, setCurrent] = useState("");
  const [password, setPassword] = useState("");
  const [repeated, setRepeated] = useState("");
  const differs = repeated !== "" && repeated !== password;
  const { trouble, busy, onSubmit } = useSubmit(async () => {
    if (password !== repeated) return;
    await chooseCredentials({ email, password, ...(asksCurrent && { currentPassword }) });
    for (const clear of [setCurrent, setPassword, setRepeated]) clear("");
    done();
  });
  return (
    <form onSubmit={onSubmit}>
      {trouble !== undefined && <Trouble message={trouble} />}
      <Field label="E-mail" type="email" autocomplete="username" value={email} onValue={setEmail} />
      {asksCurrent && (
        <Field
          label="Current password"
          type="password"
          autocomplete="current-password"
          value={currentPassword}
          onValue={setCurrent}
        />
      )}
      <Field
        label="New password"
        type="password"
        autocomplete="new-password"
        hint={passwordHint}
        value={password}
        onValue={setPassword}
      />
      <Field
        label="New password again"
        type="password"
        autocomplete="new-password"
        value={repeated}
        onValue={setRepeated}
        {...(differs && { hint: "This is not the same yet." })}
      />
      <button type="submit" class="button is-main is-wide" disabled={busy || differs}>
        {busy ? "Saving…" : submit}
      </button>
    </form>
  );
}
