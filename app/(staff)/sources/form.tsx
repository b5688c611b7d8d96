import { useTranslations } from "next-intl";
import { contactKinds } from "#lib/people/contacts/schema";
import type { SourceDetail } from "#lib/sites/sources/queries";
import { accesses, givenFields, schedules } from "#lib/sites/sources/schema";
import { Card } from "#ui/card";
import { Checkbox } from "#ui/checkbox";
import { Form, type FormAction, FormActions, SubmitButton } from "#ui/form";
import { LinkButton } from "#ui/link-button";
import { Select } from "#ui/select";
import { TextArea, TextField } from "#ui/text-field";
import { SourceRules } from "./form-rules";

type Colleague = { id: number; name: string };
type Props = {
  action: FormAction;
  source?: SourceDetail;
  colleagues: Colleague[];
  segments: { id: number; name: string }[];
};

export function SourceForm({ action, source, colleagues, segments }: Props) {
  const t = useTranslations("sources");
  const k = useTranslations("contacts");
  const kinds = contactKinds.map((kind) => ({ value: kind, label: k(`kinds.${kind}`) }));
  return (
    <Card className="max-w-2xl">
      <Form action={action} namespace="sources">
        {source && <input type="hidden" name="id" value={source.id} />}
        <TextField
          name="name"
          label={t("fields.name")}
          defaultValue={source?.name}
          required
          autoComplete="off"
        />
        <TextField
          name="key"
          label={t("fields.key")}
          hint={t("hints.key")}
          defaultValue={source?.key}
          readOnly={Boolean(source)}
          required
          autoComplete="off"
          spellCheck={false}
        />
        <TextField
          name="url"
          label={t("fields.url")}
          hint={t("hints.url")}
          inputMode="url"
          defaultValue={source?.url ?? ""}
          spellCheck={false}
        />
        <Access source={source} />
        <Select
          name="defaultKind"
          label={t("fields.defaultKind")}
          hint={t("hints.defaultKind")}
          options={kinds}
          defaultValue={source?.defaultKind ?? "former_src"}
        />
        <Clock source={source} colleagues={colleagues} />
        <SourceRules source={source} />
        <Gives source={source} segments={segments} />
        <FormActions>
          <SubmitButton>{source ? t("save") : t("create")}</SubmitButton>
          <LinkButton href={source ? `/sources/${source.id}` : "/sources"} variant="ghost">
            {t("cancel")}
          </LinkButton>
        </FormActions>
      </Form>
    </Card>
  );
}

/** When it is read by itself, and who hears of it when it is not. */
function Clock({ source, colleagues }: { source?: SourceDetail; colleagues: Colleague[] }) {
  const t = useTranslations("sources");
  const owners = colleagues.map(({ id, name }) => ({ value: String(id), label: name }));
  return (
    <>
      <Select
        name="schedule"
        label={t("fields.schedule")}
        hint={t("hints.schedule")}
        options={schedules.map((value) => ({ value, label: t(`schedule.${value}`) }))}
        defaultValue={source?.schedule ?? "never"}
      />
      <Select
        name="ownerId"
        label={t("fields.owner")}
        placeholder={t("nobody")}
        options={owners}
        defaultValue={source?.ownerId ? String(source.ownerId) : ""}
      />
      <TextField
        name="alertEmail"
        type="email"
        label={t("fields.alertEmail")}
        hint={t("hints.alertEmail")}
        defaultValue={source?.alertEmail}
        autoComplete="off"
      />
    </>
  );
}

/** What another installation is given in its turn, under the same key. */
function Gives({ source, segments }: { source?: SourceDetail; segments: Props["segments"] }) {
  const t = useTranslations("sources");
  return (
    <details className="rounded-field border border-line px-4 py-3">
      <summary className="cursor-pointer font-medium">{t("gives.title")}</summary>
      <p className="mt-2 mb-4 text-sm text-soft">{t("gives.text")}</p>
      <div className="flex flex-col gap-4">
        <Checkbox name="gives" value="true" label={t("gives.gives")} defaultChecked={source?.gives} />
        <Select
          name="givesSegmentId"
          label={t("gives.segment")}
          placeholder={t("gives.everybody")}
          options={segments.map(({ id, name }) => ({ value: String(id), label: name }))}
          defaultValue={source?.givesSegmentId ? String(source.givesSegmentId) : ""}
        />
        <fieldset className="flex flex-col gap-2">
          <legend className="mb-2 text-sm font-medium">{t("gives.fields")}</legend>
          {givenFields.map((field) => (
            <Checkbox
              key={field}
              name={`give-${field}`}
              value="true"
              label={t(`script.fields.${field}`)}
              defaultChecked={source?.givesFields.includes(field)}
            />
          ))}
        </fieldset>
      </div>
    </details>
  );
}

function Access({ source }: { source?: SourceDetail }) {
  const t = useTranslations("sources");
  return (
    <>
      <Select
        name="access"
        label={t("fields.access")}
        hint={t("hints.access")}
        options={accesses.map((value) => ({ value, label: t(`access.${value}`) }))}
        defaultValue={source?.access ?? "bearer"}
      />
      <TextField
        name="login"
        label={t("fields.login")}
        hint={t("hints.login")}
        defaultValue={source?.login}
        autoComplete="off"
        spellCheck={false}
      />
      <TextField
        name="token"
        type="password"
        label={t("fields.token")}
        hint={source?.hasToken ? t("hints.tokenKept") : t("hints.token")}
        autoComplete="new-password"
      />
      {source?.hasToken && <Checkbox name="forgetToken" value="true" label={t("fields.forgetToken")} />}
      <Checkbox
        name="allowPrivate"
        value="true"
        label={t("fields.allowPrivate")}
        hint={t("hints.allowPrivate")}
        defaultChecked={source?.allowPrivate}
      />
      <TextArea
        name="networks"
        label={t("fields.networks")}
        hint={t("hints.networks")}
        rows={2}
        defaultValue={source?.networks.join("\n")}
        autoComplete="off"
        spellCheck={false}
      />
    </>
  );
}
