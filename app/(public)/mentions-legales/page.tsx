import { getTranslations } from "next-intl/server";
import { may } from "#lib/department/permissions";
import { getSettings } from "#lib/department/settings/queries";
import { currentUser } from "#lib/gates/session";
import { DescriptionList } from "#ui/description-list";
import { HouseWords } from "#ui/house-words";
import { LinkButton } from "#ui/link-button";
import { MailLink } from "#ui/mail-link";
import { Sheet } from "#ui/sheet";

/** Public: who publishes, who answers for it and who hosts (law 2004-575, art. 1-1), from Settings. What is missing is told to the staff alone. */
export default async function LegalNoticePage() {
  const [t, settings, user] = await Promise.all([
    getTranslations("help.legalNotice"),
    getSettings(),
    currentUser(),
  ]);
  const facts = [
    { label: t("publisher"), value: settings.controller || settings.name },
    { label: t("address"), value: settings.postalAddress },
    { label: t("phone"), value: settings.phone },
    {
      label: t("email"),
      value: settings.secretariatEmail && <MailLink>{settings.secretariatEmail}</MailLink>,
    },
    { label: t("director"), value: settings.publicationDirector },
    { label: t("host"), value: settings.host },
  ];
  const told = user ? t("missing") : "";
  return (
    <Sheet title={t("title")} lead={t("lead")} wide>
      <DescriptionList
        items={facts.map(({ label, value }) => ({
          label,
          value:
            value || told ? (
              <span className="whitespace-pre-line">{value ? <HouseWords>{value}</HouseWords> : told}</span>
            ) : (
              ""
            ),
        }))}
      />
      {user && may(user.role, "settings.edit") && facts.some(({ value }) => !value) && (
        <p className="mt-6">
          <LinkButton href="/settings">{t("complete")}</LinkButton>
        </p>
      )}
    </Sheet>
  );
}
