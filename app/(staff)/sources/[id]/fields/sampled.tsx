import { useTranslations } from "next-intl";
import type { ActionState } from "#lib/gates/action";
import type { Sampled } from "#lib/sites/sources/sample";
import { Alert } from "#ui/alert";
import { DescriptionList } from "#ui/description-list";

/** Why there is no sample, in words. */
export function Refused({ state }: { state: Exclude<NonNullable<ActionState>, { ok: true }> }) {
  const errors = useTranslations("errors");
  const t = useTranslations("sources.dialect");
  if (!("reason" in state)) return <Alert tone="bad">{t("badPaths")}</Alert>;
  const known = errors.has(state.reason as "unknown");
  return known ? (
    <Alert tone="bad">{errors(state.reason as "unknown")}</Alert>
  ) : (
    <Refusal reason={state.reason} data={state.params ?? {}} />
  );
}

function Refusal({
  reason,
  data,
  line,
}: {
  reason: string;
  data: Record<string, string | number>;
  line?: number | null;
}) {
  const t = useTranslations("sources");
  const [what, cure] = [
    `refusal.${reason}.what` as "refusal.timeout.what",
    `refusal.${reason}.cure` as "refusal.timeout.cure",
  ];
  return (
    <Alert tone="bad">
      {line ? `${t("dialect.line", { line })} ` : ""}
      {t.has(what) ? `${t(what, data)} ${t(cure, data)}` : t("errors.notFound")}
    </Alert>
  );
}

/** The first people of a file as they would come, each with what is left out of it and why. */
export function SampledPeople({ sampled: { people, stopped, proposal } }: { sampled: Sampled }) {
  const t = useTranslations("sources");
  const labelOf = (field: string) => {
    const key = `script.fields.${fieldOf(field)}` as const;
    return field === "id" ? t("dialect.id") : t.has(key) ? t(key) : field;
  };
  return (
    <>
      {people.length === 0 && !stopped && (
        <Alert tone="warn">{proposal ? t("dialect.none") : t("dialect.unknown")}</Alert>
      )}
      {people.map(({ line, id, values, errors }) => (
        <section
          key={line + id}
          aria-label={t("script.person", { id })}
          className="min-w-0 rounded-field border border-line px-4 py-3"
        >
          <p className="mb-2 text-sm text-faint">
            {t("script.person", { id })} · {t("dialect.line", { line })}
          </p>
          <DescriptionList
            items={values.map(([field, value]) => ({
              label: labelOf(field),
              value: <span className="wrap-anywhere">{value}</span>,
            }))}
          />
          {errors.map((error) => (
            <p key={error.line + error.field + error.reason} className="mt-2 text-sm text-bad">
              {t("dialect.fault", {
                line: error.line,
                field: labelOf(error.field),
                what: t(`rowError.${error.reason}.what`),
                cure: t(`rowError.${error.reason}.cure`),
              })}
            </p>
          ))}
        </section>
      ))}
      {stopped && <Refusal reason={stopped.reason} line={stopped.line} data={stopped.data} />}
    </>
  );
}

/** « address/street » is what the form calls « street »; « organisation/name » is « organisation ». */
const fieldOf = (path: string) =>
  (path === "organisation/name" ? "organisation" : (path.split("/").at(-1) ?? path)) as "phone";
