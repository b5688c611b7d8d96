"use client";
import { Stethoscope } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ActionState } from "#lib/gates/action";
import type { Checked, Person } from "#lib/sites/sources/check";
import { Alert } from "#ui/alert";
import { Check } from "#ui/check";
import { DescriptionList } from "#ui/description-list";
import { check } from "../../actions";

/** « Vérifier »: what the site says is wrong with it, in words, and its first people as they would come. */
export function CheckSite({ id }: { id: number }) {
  const t = useTranslations("sources.script");
  return (
    <Check action={check} fields={{ id }} icon={<Stethoscope aria-hidden />} label={t("check")}>
      {(answer) => (answer.ok ? <Found checked={answer.data as Checked} /> : <Refused state={answer} />)}
    </Check>
  );
}

function Refused({ state }: { state: Exclude<NonNullable<ActionState>, { ok: true }> }) {
  const refusals = useTranslations("sources.refusal");
  const errors = useTranslations("errors");
  const reason = "reason" in state ? state.reason : "unknown";
  const params = "reason" in state ? (state.params ?? {}) : {};
  const [what, cure] = [`${reason}.what` as "timeout.what", `${reason}.cure` as "timeout.cure"];
  if (!refusals.has(what))
    return (
      <Alert tone="bad">{errors(errors.has(reason as "unknown") ? (reason as "unknown") : "unknown")}</Alert>
    );
  return (
    <Alert tone="bad">
      {refusals(what, params)} {refusals(cure, params)}
    </Alert>
  );
}

function Found({ checked: { facts, findings, sample } }: { checked: Checked }) {
  const t = useTranslations("sources.script");
  const blank = (text: string) => text || "?";
  return (
    <div className="flex w-full min-w-0 flex-col gap-4">
      {findings.length === 0 ? (
        <Alert tone="good">{t("fine")}</Alert>
      ) : (
        findings.map(({ code, ...data }) => (
          <Alert key={code} tone={sample.length > 0 ? "warn" : "bad"}>
            {t(`findings.${code}`, data)}
          </Alert>
        ))
      )}
      {facts.php && (
        <p className="text-sm text-soft">
          {t("facts", {
            php: blank(facts.php),
            server: blank(facts.server),
            memory: blank(facts.memory),
            seconds: blank(facts.seconds),
            rows: blank(facts.rows),
          })}
        </p>
      )}
      {sample.length > 0 && <h3 className="font-medium">{t("sample")}</h3>}
      {sample.map((person) => (
        <Sample key={person.id} person={person} />
      ))}
    </div>
  );
}

function Sample({ person: { id, values } }: { person: Person }) {
  const t = useTranslations("sources.script");
  return (
    <section aria-label={t("person", { id })} className="min-w-0 rounded-field border border-line px-4 py-3">
      <p className="mb-2 text-sm text-faint">{t("person", { id })}</p>
      <DescriptionList
        items={values.map(([field, value]) => ({
          label: t(`fields.${fieldOf(field)}`),
          value: <span className="wrap-anywhere">{value || t("empty")}</span>,
        }))}
      />
    </section>
  );
}

/** « address/street » is what the form calls « street »; « organisation/name » is « organisation ». */
const fieldOf = (path: string) =>
  (path === "organisation/name" ? "organisation" : (path.split("/").at(-1) ?? path)) as "phone";
