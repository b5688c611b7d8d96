import { getTranslations } from "next-intl/server";
import { getSettings } from "#lib/department/settings/queries";
import { mail, Prose } from "#ui/prose";
import { Sheet } from "#ui/sheet";

/** Public: the declaration that article 47 of the law of 11 February 2005 wants; without an audit it can only say « non conforme ». */
export default async function AccessibilityPage() {
  const [t, settings] = [await getTranslations("help"), await getSettings()];
  const contact = mail(settings.secretariatEmail || settings.dpoEmail) || t("privacy.unknownDpo");
  return (
    <Sheet title={t("accessibility.title")} lead={t("accessibility.lead")} wide>
      <Prose text={t("accessibility.text", { contact })} />
    </Sheet>
  );
}
