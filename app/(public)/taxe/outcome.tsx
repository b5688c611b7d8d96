import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import { formatCents, formatDate } from "#lib/machine/format";
import type { Computed } from "#lib/tax/rules/compute";
import { sayStep } from "#lib/tax/rules/say";
import { MailLink } from "#ui/mail-link";

type Place = { uai: string; uses: string; closes: string | null };
type Props = { simulation: Computed & { year: number }; department: string; email: string; place: Place };

/** In the department's own words, a line a use; nothing where it said nothing. */
function Uses({ text }: { text: string }) {
  const t = useTranslations("tax.simulator");
  const uses = text.split("\n").filter(Boolean);
  if (uses.length === 0) return null;
  return (
    <>
      <h3 className="mt-5 font-semibold">{t("uses")}</h3>
      <ul className="mt-1 list-disc ps-6">
        {uses.map((use) => (
          <li key={use}>{use}</li>
        ))}
      </ul>
    </>
  );
}

/** The solde first, since it is the part whose school the company chooses; then every step with its law. */
export function Outcome({ simulation: { year, amounts, steps }, department, email, place }: Props) {
  const t = useTranslations("tax.simulator");
  const locale = useLocale();
  const cents = (name: string) => formatCents(amounts[name] ?? 0n, locale);
  const solde = amounts.soldeCents ?? 0n;
  return (
    <section aria-labelledby="resultat" className="mt-8 border-t border-line pt-6">
      <h2 id="resultat" className="font-display text-xl font-semibold">
        {solde > 0n ? t("solde", { amount: cents("soldeCents") }) : t("noSolde")}
      </h2>
      <p className="mt-1 text-soft">{t("years", { year: String(year), campaign: String(year + 1) })}</p>
      <p className="mt-3">
        {t("whole", { main: cents("mainCents"), solde: cents("soldeCents"), csa: cents("csaCents") })}
      </p>
      {solde > 0n && (
        <p className="mt-3">
          {t("choose", { department })} {place.uai && t("find", { uai: place.uai })}{" "}
          {place.closes && t("closes", { date: formatDate(new Date(place.closes), locale) })}{" "}
          {email && t.rich("write", { link: () => <MailLink>{email}</MailLink> })}
        </p>
      )}
      {solde > 0n && <Uses text={place.uses} />}
      {solde > 0n && (
        <p className="mt-3">
          <Link
            href="/taxe/soltea"
            className="rounded font-medium text-brand-text underline underline-offset-3"
          >
            {t("guide")}
          </Link>
        </p>
      )}
      <details className="mt-5">
        <summary className="cursor-pointer rounded py-2 font-medium">{t("steps")}</summary>
        <ol className="mt-2 flex flex-col gap-3">
          {steps.map((step) => (
            <li key={step.key}>
              {sayStep(step, locale)}
              <span className="block text-sm text-faint">{step.source}</span>
            </li>
          ))}
        </ol>
      </details>
      <p className="mt-5 text-sm text-faint">{t("estimate")}</p>
    </section>
  );
}
