import { getTranslations } from "next-intl/server";
import { getSettings } from "#lib/department/settings/queries";
import { getAmounts } from "#lib/office/privacy/queries";
import { mail, Prose } from "#ui/prose";
import { Sheet } from "#ui/sheet";

/** Public: what article 13 and 14 of the RGPD want told, from Settings and the durations in force. Letters link here unless Settings names another page. */
export default async function PrivacyPage() {
  const [t, settings, amounts] = await Promise.all([
    getTranslations("help.privacy"),
    getSettings(),
    getAmounts(),
  ]);
  const controller = settings.controller || settings.name;
  const dpo = mail(settings.dpoEmail || settings.secretariatEmail) || t("unknownDpo");
  const sections = [
    {
      title: t("controller"),
      text: t("controllerText", { controller, address: settings.postalAddress }).trim(),
    },
    { title: t("why"), text: t("whyText") },
    { title: t("what"), text: t("whatText") },
    { title: t("how"), text: t("howText", amounts) },
    { title: t("rights"), text: t("rightsText", { dpo }) },
  ];
  return (
    <Sheet title={t("title")} lead={t("lead")} wide>
      <div className="flex flex-col gap-6">
        {sections.map((section) => (
          <section key={section.title}>
            <h2 className="mb-1.5 font-display text-lg font-semibold">{section.title}</h2>
            <Prose text={section.text} />
          </section>
        ))}
      </div>
    </Sheet>
  );
}
