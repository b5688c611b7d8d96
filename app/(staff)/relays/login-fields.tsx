"use client";
import { useTranslations } from "next-intl";
import { type logins, providers } from "#lib/letters/relays/schema";
import { Checkbox } from "#ui/checkbox";
import { RadioGroup } from "#ui/choice-group";
import { CopyButton } from "#ui/copy-button";
import { TextField } from "#ui/text-field";
import { Password } from "./relay-fields";

/** What a relay by token was given; its secret only as « there is one ». */
export type OauthStart = {
  clientId: string;
  authorizeUrl: string;
  tokenUrl: string;
  scope: string;
  allowPrivate: boolean;
  hasSecret: boolean;
};

type Props = {
  login: (typeof logins)[number];
  username: string;
  hasPassword: boolean;
  oauth: OauthStart | null;
  redirectUri: string;
};

/** Which fields are shown follows the choice by style alone: it works before hydration. */
export const onlyByPassword = "group-has-[[name=login][value=oauth]:checked]/relay:hidden";
export const onlyByToken = "hidden group-has-[[name=login][value=oauth]:checked]/relay:flex";

export function LoginFields({ login, username, hasPassword, oauth, redirectUri }: Props) {
  const t = useTranslations("relays");
  const o = useTranslations("oauth");
  const choices = [
    { value: "password", label: o("password"), hint: o("passwordHint") },
    { value: "oauth", label: o("oauth"), hint: o("oauthHint") },
  ];
  return (
    <>
      <RadioGroup name="login" legend={o("legend")} choices={choices} defaultValue={login} cards />
      <div className="grid gap-5 sm:grid-cols-2">
        <TextField
          name="username"
          label={t("fields.username")}
          hint={t("fields.usernameHint")}
          defaultValue={username}
          autoComplete="off"
          spellCheck={false}
        />
        <div className={onlyByPassword}>
          <Password name="password" kept={hasPassword} />
        </div>
      </div>
      <div className={`${onlyByToken} flex-col gap-5`}>
        <ClientFields oauth={oauth} redirectUri={redirectUri} />
        <ProviderFields oauth={oauth} />
      </div>
    </>
  );
}

function ClientFields({ oauth, redirectUri }: Pick<Props, "oauth" | "redirectUri">) {
  const t = useTranslations("oauth");
  return (
    <>
      <div className="grid gap-5 sm:grid-cols-2">
        <TextField
          name="oauthClientId"
          label={t("fields.clientId")}
          hint={t("fields.clientIdHint")}
          defaultValue={oauth?.clientId}
          autoComplete="off"
          spellCheck={false}
        />
        <TextField
          name="oauthClientSecret"
          type="password"
          label={t("fields.clientSecret")}
          hint={oauth?.hasSecret ? t("fields.secretKept") : t("fields.secretHint")}
          placeholder={oauth?.hasSecret ? "••••••••" : undefined}
          autoComplete="new-password"
        />
      </div>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 rounded-field bg-sunken px-4 py-3">
        <div className="min-w-0 flex-1 basis-64">
          <p className="text-sm font-medium">{t("redirect")}</p>
          <p className="font-mono text-sm [overflow-wrap:anywhere]">{redirectUri}</p>
          <p className="text-[0.8125rem] text-soft">{t("redirectHint")}</p>
        </div>
        <CopyButton text={redirectUri} label={t("copyRedirect")} />
      </div>
    </>
  );
}

function ProviderFields({ oauth }: Pick<Props, "oauth">) {
  const t = useTranslations("oauth");
  const start = oauth ?? providers.google;
  const fields = [
    ["oauthAuthorizeUrl", "authorizeUrl"],
    ["oauthTokenUrl", "tokenUrl"],
    ["oauthScope", "scope"],
  ] as const;
  return (
    <fieldset className="flex min-w-0 flex-col gap-5">
      <legend className="mb-1.5 text-sm font-medium">{t("provider")}</legend>
      <p className="text-[0.8125rem] text-faint">{t("providerText")}</p>
      {fields.map(([name, key]) => (
        <TextField
          key={name}
          name={name}
          label={t(`fields.${key}`)}
          defaultValue={start[key]}
          autoComplete="off"
          spellCheck={false}
        />
      ))}
      <Checkbox
        name="oauthPrivate"
        value="true"
        label={t("fields.allowPrivate")}
        hint={t("fields.allowPrivateHint")}
        defaultChecked={oauth?.allowPrivate}
      />
    </fieldset>
  );
}
