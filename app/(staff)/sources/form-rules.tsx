import { useTranslations } from "next-intl";
import type { SourceDetail } from "#lib/sites/sources/queries";
import { identityRules, owned, owners } from "#lib/sites/sources/schema";
import { Select } from "#ui/select";
import { TextField } from "#ui/text-field";

const guards = [
  ["holdCreated", 200],
  ["holdUpdated", 20],
  ["holdEmptied", 5],
  ["holdRejected", 5],
  ["holdFewer", 10],
] as const;

/** What a source may write by itself, who has the last word, and beyond what somebody looks first. */
export function SourceRules({ source }: { source?: SourceDetail }) {
  const t = useTranslations("sources.rules");
  const choices = (keys: readonly ("auto" | "ask" | "keep" | "propose")[]) =>
    keys.map((value) => ({ value, label: t(value) }));
  return (
    <fieldset className="flex flex-col gap-5 border-t border-line pt-5">
      <legend className="sr-only">{t("title")}</legend>
      <Select
        name="identity"
        label={t("identity")}
        hint={t("identityHint")}
        options={identityRules.map((value) => ({ value, label: t(`identities.${value}`) }))}
        defaultValue={source?.identity ?? "duplicates"}
      />
      <Select
        name="applies"
        label={t("applies")}
        options={choices(["auto", "ask"])}
        defaultValue={source?.applies ?? "auto"}
      />
      <Select
        name="absent"
        label={t("absent")}
        options={choices(["keep", "propose"])}
        defaultValue={source?.absent ?? "keep"}
      />
      <Owners source={source} />
      <details className="rounded-field border border-line px-4 py-3">
        <summary className="cursor-pointer font-medium">{t("guards")}</summary>
        <p className="mt-2 text-sm text-soft">{t("guardsHint")}</p>
        <div className="mt-4 grid gap-4 sm:grid-cols-2">
          {guards.map(([name, usual]) => (
            <TextField
              key={name}
              name={name}
              type="number"
              min={0}
              max={name === "holdCreated" ? 1_000_000 : 100}
              label={t(name)}
              defaultValue={source?.[name] ?? usual}
              required
            />
          ))}
        </div>
      </details>
    </fieldset>
  );
}

/** One answer for all, and another where a field needs it. */
function Owners({ source }: { source?: SourceDetail }) {
  const t = useTranslations("sources.rules");
  const c = useTranslations("contacts.fields");
  const answers = owners.map((value) => ({ value, label: t(`owners.${value}`) }));
  const [others, ...fields] = owned;
  return (
    <details className="rounded-field border border-line px-4 py-3">
      <summary className="cursor-pointer font-medium">{t("owner")}</summary>
      <p className="mt-2 text-sm text-soft">{t("ownerHint")}</p>
      <div className="mt-4 grid gap-4 sm:grid-cols-2">
        {[...fields, others].map((field) => (
          <Select
            key={field}
            name={`owner-${field}`}
            label={field === "*" ? t("others") : field === "address" ? c("street") : c(field)}
            options={field === "*" ? answers : [{ value: "", label: t("same") }, ...answers]}
            defaultValue={source?.ownership[field] ?? (field === "*" ? "ask" : "")}
          />
        ))}
      </div>
    </details>
  );
}
