import { getLocale, getTranslations } from "next-intl/server";
import { getSettings } from "#lib/department/settings/queries";
import { formatDate } from "#lib/machine/format";
import { findRates } from "#lib/tax/rates/queries";
import { promisedYear } from "#lib/tax/simulator/simulate";
import { findTaxYear, listMilestones } from "#lib/tax/years/queries";
import { DescriptionList } from "#ui/description-list";
import { Sheet } from "#ui/sheet";

/** Of the calendar, what an employer acts by. */
const employers = ["period1Opens", "period1Closes", "period2Opens", "period2Closes"];

/** Public, to be printed and handed over: how a company gives us its solde on SOLTéA, with our own UAI. */
export default async function GuidePage() {
  const { campaignYear } = promisedYear(null, new Date(), await findRates());
  const [t, k, locale, settings, year, milestones] = [
    await getTranslations("tax.guide"),
    await getTranslations("tax.campaigns.kinds"),
    await getLocale(),
    await getSettings(),
    await findTaxYear(campaignYear),
    await listMilestones(campaignYear),
  ];
  const uai = year?.uai ?? "";
  const dates = milestones.filter(
    ({ kind, day, superseded }) => day && !superseded && employers.includes(kind),
  );
  const third = uai ? t("step3", { uai }) : t("step3NoUai", { department: settings.name });
  const steps = [t("step1"), t("step2"), third, t("step4"), t("step5"), t("step6"), t("step7")];
  return (
    <Sheet title={t("title")} lead={t("lead")} wide>
      <h2 className="font-display text-lg font-semibold">{t("ours")}</h2>
      <DescriptionList
        items={[
          { label: t("name"), value: settings.name },
          { label: t("uai"), value: uai ? <strong className="text-lg">{uai}</strong> : t("noUai") },
        ]}
      />
      <h2 className="mt-6 font-display text-lg font-semibold">{t("steps")}</h2>
      <ol className="mt-2 flex list-decimal flex-col gap-2 ps-6">
        {steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <h2 className="mt-6 font-display text-lg font-semibold">
        {t("dates", { year: String(campaignYear) })}
      </h2>
      {dates.length === 0 ? (
        <p className="mt-1 text-soft">{t("noDates")}</p>
      ) : (
        <DescriptionList
          items={dates.map(({ kind, day }) => ({
            label: k(kind),
            value: formatDate(new Date(day ?? 0), locale),
          }))}
        />
      )}
      {settings.secretariatEmail && (
        <p className="mt-6">{t("contact", { email: settings.secretariatEmail })}</p>
      )}
      <p className="no-print mt-6 text-sm text-faint">{t("print")}</p>
    </Sheet>
  );
}
