"use client";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { RelayDetail } from "#lib/letters/relays/queries";
import { securities } from "#lib/letters/relays/schema";
import { Card } from "#ui/card";
import { Checkbox } from "#ui/checkbox";
import { Select } from "#ui/select";
import { TextArea, TextField } from "#ui/text-field";
import { onlyByPassword, onlyByToken } from "./login-fields";

export type Start = Pick<
  RelayDetail,
  | "name"
  | "host"
  | "port"
  | "security"
  | "username"
  | "maxConnections"
  | "perMinute"
  | "perHour"
  | "perDay"
  | "authservId"
> & { mailbox: MailboxStart };
export type MailboxStart = Pick<
  NonNullable<RelayDetail["mailbox"]>,
  "host" | "port" | "security" | "username" | "folder" | "sentFolder" | "readJunk" | "moreFolders"
>;

type Props = { start: Start; hasPassword: boolean };

function useSecurities() {
  const t = useTranslations("relays.securities");
  return securities.map((value) => ({ value, label: t(value) }));
}

const onlyInClear = "group-has-[[name=security]_[value=none]:checked]/relay:block";

const onlyOwnLogin = "group-has-[[name=imapSame]:checked]/relay:hidden";

/** `children`: how to sign in. */
export function SmtpFields({ start, children }: { start: Start; children: ReactNode }) {
  const t = useTranslations("relays");
  return (
    <Card title={t("sections.smtp")}>
      <div className="flex flex-col gap-5">
        <TextField
          name="name"
          label={t("fields.name")}
          hint={t("fields.nameHint")}
          defaultValue={start.name}
          required
        />
        <div className="grid gap-5 sm:grid-cols-[2fr_1fr_2fr]">
          <TextField
            name="host"
            label={t("fields.host")}
            defaultValue={start.host}
            required
            autoComplete="off"
            spellCheck={false}
          />
          <TextField
            name="port"
            type="number"
            label={t("fields.port")}
            defaultValue={start.port}
            required
            inputMode="numeric"
          />
          <Select
            name="security"
            label={t("fields.security")}
            options={useSecurities()}
            defaultValue={start.security}
          />
        </div>
        <div className={`hidden ${onlyInClear}`}>
          <Checkbox
            name="inClear"
            value="yes"
            label={t("fields.inClear")}
            hint={t("fields.inClearHint")}
            defaultChecked={start.security === "none"}
          />
        </div>
        {children}
      </div>
    </Card>
  );
}

export function LimitFields({ start }: { start: Start }) {
  const t = useTranslations("relays");
  const limits = ["perMinute", "perHour", "perDay"] as const;
  return (
    <Card title={t("sections.limits")} description={t("sections.limitsHint")}>
      <div className="grid gap-5 sm:grid-cols-2 2xl:grid-cols-4">
        {limits.map((name) => (
          <TextField
            key={name}
            name={name}
            type="number"
            min={1}
            label={t(`fields.${name}`)}
            hint={t("fields.limitHint")}
            defaultValue={start[name] ?? ""}
            inputMode="numeric"
          />
        ))}
        <TextField
          name="maxConnections"
          type="number"
          min={1}
          max={50}
          label={t("fields.maxConnections")}
          defaultValue={start.maxConnections}
          required
          inputMode="numeric"
        />
      </div>
    </Card>
  );
}

export function ImapFields({ start, hasPassword }: Props) {
  const t = useTranslations("relays");
  const o = useTranslations("oauth");
  return (
    <Card title={t("sections.imap")} description={t("sections.imapHint")}>
      <div className="flex flex-col gap-5">
        <div className="grid gap-5 sm:grid-cols-[2fr_1fr_2fr]">
          <TextField
            name="imapHost"
            label={t("fields.host")}
            defaultValue={start.mailbox.host}
            autoComplete="off"
            spellCheck={false}
          />
          <TextField
            name="imapPort"
            type="number"
            label={t("fields.port")}
            defaultValue={start.mailbox.port}
            inputMode="numeric"
          />
          <Select
            name="imapSecurity"
            label={t("fields.security")}
            options={useSecurities()}
            defaultValue={start.mailbox.security}
          />
        </div>
        <Checkbox
          name="imapSame"
          value="yes"
          label={t("fields.imapSame")}
          hint={t("fields.imapSameHint")}
          defaultChecked={start.mailbox.username === start.username}
        />
        <div className={`grid gap-5 sm:grid-cols-2 ${onlyOwnLogin}`}>
          <TextField
            name="imapUsername"
            label={t("fields.username")}
            defaultValue={start.mailbox.username}
            autoComplete="off"
            spellCheck={false}
          />
          <div className={onlyByPassword}>
            <Password name="imapPassword" kept={hasPassword} />
          </div>
          <p className={`${onlyByToken} items-center text-sm text-soft`}>{o("imapByToken")}</p>
        </div>
        <div className="grid gap-5 sm:grid-cols-2">
          <TextField name="imapFolder" label={t("fields.folder")} defaultValue={start.mailbox.folder} />
          <TextField
            name="sentFolder"
            label={t("fields.sentFolder")}
            hint={t("fields.sentFolderHint")}
            defaultValue={start.mailbox.sentFolder}
          />
        </div>
        <Checkbox
          name="imapJunk"
          value="yes"
          label={t("fields.junk")}
          hint={t("fields.junkHint")}
          defaultChecked={start.mailbox.readJunk}
        />
        <TextArea
          name="imapMore"
          label={t("fields.more")}
          hint={t("fields.moreHint")}
          defaultValue={start.mailbox.moreFolders.join("\n")}
          spellCheck={false}
        />
        <TextField
          name="authservId"
          label={t("fields.authservId")}
          hint={t("fields.authservIdHint")}
          defaultValue={start.authservId}
        />
      </div>
    </Card>
  );
}

/** Never filled in: what is sealed does not come back to a screen. */
export function Password({ name, kept }: { name: string; kept: boolean }) {
  const t = useTranslations("relays.fields");
  return (
    <TextField
      name={name}
      type="password"
      label={t("password")}
      hint={kept ? t("passwordKept") : t("passwordHint")}
      placeholder={kept ? "••••••••" : undefined}
      autoComplete="new-password"
    />
  );
}
