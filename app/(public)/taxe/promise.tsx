import { useTranslations } from "next-intl";
import type { Prefilled } from "#lib/tax/promises/queries";
import { Form, SubmitButton } from "#ui/form";
import { TextField } from "#ui/text-field";
import { promise } from "./actions";

type Props = {
  known: Prefilled;
  /** Whether a solde stands above. */
  computed: boolean;
  /** The personal link it came by, and what was computed. */
  letter: string;
  typed: Record<"masse" | "effectif" | "departement" | "alternants", string>;
};

/** Promises a share. The figures go along, to be computed again; the field nobody sees is for programs. */
export function PromiseForm({ known, computed, letter, typed }: Props) {
  const t = useTranslations("tax.promise");
  return (
    <section aria-labelledby="promettre" className="mt-8 border-t border-line pt-6">
      <h2 id="promettre" className="font-display text-xl font-semibold">
        {t("title")}
      </h2>
      <p className="mt-1 mb-5 text-soft">
        {t("lead")} {!computed && t("uncomputed")}
      </p>
      <Form action={promise} namespace="tax">
        {Object.entries({ ...typed, letter }).map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <div className="grid gap-5 sm:grid-cols-2">
          <TextField
            name="company"
            label={t("company")}
            defaultValue={known.company}
            autoComplete="organization"
            required
          />
          <TextField
            name="siret"
            label={t("siret")}
            hint={t("siretHint")}
            defaultValue={known.siret}
            inputMode="numeric"
            autoComplete="off"
            required
          />
          <TextField
            name="email"
            type="email"
            label={t("email")}
            hint={t("emailHint")}
            autoComplete="email"
            required
          />
          <TextField
            name="share"
            label={t("share")}
            hint={t("shareHint")}
            defaultValue={known.share}
            inputMode="decimal"
            autoComplete="off"
            required
          />
        </div>
        <div aria-hidden className="absolute -left-[200vw] h-px w-px overflow-hidden">
          <label>
            {t("website")}
            <input name="website" tabIndex={-1} autoComplete="off" />
          </label>
        </div>
        <SubmitButton>{t("submit")}</SubmitButton>
        <p className="text-sm text-faint">{t("keeps")}</p>
      </Form>
    </section>
  );
}
