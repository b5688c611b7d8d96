import { useTranslations } from "next-intl";
import { formatDate, formatNumber } from "#lib/machine/format";
import type { Rule } from "#lib/office/privacy/queries";
import { type RuleName, ruleBounds, ruleNames } from "#lib/office/privacy/rules";
import { Form, FormActions, SubmitButton } from "#ui/form";
import { TextField } from "#ui/text-field";
import { saveDurations } from "./actions";

type Props = { rules: Rule[]; due: Partial<Record<RuleName, number>>; locale: string };

/** Every duration, with who set it and what it would do away with now. */
export function Durations({ rules, due, locale }: Props) {
  const t = useTranslations("privacy");
  const hint = (name: RuleName, rule: Rule | undefined) => {
    const { min, max, unit } = ruleBounds[name];
    const who = rule?.by
      ? t("durations.setBy", { name: rule.by, date: formatDate(rule.setAt, locale) })
      : t("durations.asInstalled");
    const count = due[name];
    return [
      t(`rules.${name}.what`),
      t("durations.bounds", { min, max, unit: t(`durations.${unit}`, { count: max }) }),
      who,
      count ? t("durations.due", { count, formatted: atMost(count, locale) }) : null,
    ]
      .filter(Boolean)
      .join(" ");
  };
  return (
    <Form action={saveDurations} namespace="privacy" done={t("durations.saved")}>
      <div className="grid gap-5 md:grid-cols-2">
        {ruleNames.map((name) => {
          const rule = rules.find((one) => one.rule === name);
          return (
            <TextField
              key={name}
              name={name}
              type="number"
              inputMode="numeric"
              min={ruleBounds[name].min}
              max={ruleBounds[name].max}
              required
              label={t("durations.label", {
                name: t(`rules.${name}.name`),
                unit: t(`durations.${ruleBounds[name].unit}`, { count: 2 }),
              })}
              hint={hint(name, rule)}
              defaultValue={rule?.amount}
            />
          );
        })}
      </div>
      <FormActions>
        <SubmitButton>{t("durations.save")}</SubmitButton>
      </FormActions>
    </Form>
  );
}

/** Counting stops at ten thousand. */
const atMost = (count: number, locale: string) =>
  count > 10_000 ? `${formatNumber(10_000, locale)}+` : formatNumber(count, locale);
