"use client";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { RelayDetail } from "#lib/letters/relays/queries";
import { type PresetKey, presets } from "#lib/letters/relays/schema";
import { Form, FormActions, SubmitButton } from "#ui/form";
import { save } from "./actions";
import { LoginFields, type OauthStart } from "./login-fields";
import { ImapFields, LimitFields, SmtpFields, type Start } from "./relay-fields";

const blank: Start = {
  name: "",
  host: "",
  port: 587,
  security: "starttls",
  username: "",
  maxConnections: 2,
  perMinute: 60,
  perHour: null,
  perDay: null,
  mailbox: {
    ...{ host: "", port: 993, security: "tls", username: "", folder: "INBOX", sentFolder: "" },
    ...{ readJunk: true, moreFolders: [] },
  },
  authservId: "",
};

function startOf(relay: RelayDetail | null, preset: PresetKey | null): Start {
  const known = { ...(relay ?? blank), mailbox: relay?.mailbox ?? blank.mailbox };
  if (!preset) return known;
  const { imapHost, ...settings } = presets[preset];
  return { ...known, ...settings, mailbox: { ...known.mailbox, host: imapHost } };
}

type Props = { relay: RelayDetail | null; oauth: OauthStart | null; redirectUri: string };

/** One form for a new relay and an old one; a model fills in what its provider is known to want. */
export function RelayForm({ relay, oauth, redirectUri }: Props) {
  const t = useTranslations("relays");
  const [preset, setPreset] = useState<PresetKey | null>(null);
  const start = startOf(relay, preset);
  const login = preset ? presets[preset].login : oauth ? "oauth" : "password";
  return (
    <>
      {!relay && <Presets chosen={preset} choose={setPreset} />}
      <Form action={save} namespace="relays" done={t("saved")} key={preset} className="group/relay max-w-4xl">
        {relay && <input type="hidden" name="id" value={relay.id} />}
        <SmtpFields start={start}>
          <LoginFields
            {...{ login, oauth, redirectUri, username: start.username }}
            hasPassword={relay?.hasPassword ?? false}
          />
        </SmtpFields>
        <LimitFields start={start} />
        <ImapFields start={start} hasPassword={relay?.hasMailboxPassword ?? false} />
        <FormActions>
          <SubmitButton>{relay ? t("save") : t("create")}</SubmitButton>
        </FormActions>
      </Form>
    </>
  );
}

function Presets({ chosen, choose }: { chosen: PresetKey | null; choose: (key: PresetKey) => void }) {
  const t = useTranslations("relays.presets");
  return (
    <fieldset className="mb-6 max-w-4xl">
      <legend className="mb-2 text-sm font-medium">{t("legend")}</legend>
      <div className="grid gap-3 sm:grid-cols-2 lg:grid-cols-3">
        {(Object.keys(presets) as PresetKey[]).map((key) => (
          <button
            key={key}
            type="button"
            aria-pressed={chosen === key}
            onClick={() => choose(key)}
            className="flex cursor-pointer flex-col gap-1 rounded-card border border-line bg-surface p-4 text-start shadow-card transition-colors hover:border-edge aria-pressed:border-brand-text aria-pressed:bg-brand-soft"
          >
            <span className="font-medium">{t(key)}</span>
            <span className="text-[0.8125rem] leading-snug text-soft">{t(`${key}Hint`)}</span>
          </button>
        ))}
      </div>
    </fieldset>
  );
}
