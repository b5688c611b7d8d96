import { useLocale, useTranslations } from "next-intl";
import { formatNumber } from "#lib/machine/format";
import type { OrganisationDetail } from "#lib/people/organisations/queries";
import { formatSiret } from "#lib/people/organisations/rules";
import { Card } from "#ui/card";
import { DescriptionList } from "#ui/description-list";
import { MailLink } from "#ui/mail-link";
import { WebAddress } from "#ui/web-address";

export function Details({ organisation }: { organisation: OrganisationDetail }) {
  const t = useTranslations("organisations");
  const locale = useLocale();
  const { siren, siret, headcount, street, postcode, city, country, website, phone, email } = organisation;
  const place = [street, `${postcode} ${city}`.trim(), country === "FR" ? "" : country]
    .filter(Boolean)
    .join(", ");
  const items = [
    { label: t("fields.siren"), value: siren && <span className="nums">{formatSiret(siren)}</span> },
    { label: t("fields.siret"), value: siret && <span className="nums">{formatSiret(siret)}</span> },
    { label: t("fields.sector"), value: organisation.sector },
    { label: t("fields.headcount"), value: headcount === null ? null : formatNumber(headcount, locale) },
    { label: t("fields.phone"), value: phone && <a href={`tel:${phone.replaceAll(" ", "")}`}>{phone}</a> },
    { label: t("fields.email"), value: email && <MailLink>{email}</MailLink> },
    {
      label: t("fields.website"),
      value: website && (
        <a href={website} rel="noreferrer" className="text-brand-text underline">
          <WebAddress>{website.replace(/^https?:\/\//, "")}</WebAddress>
        </a>
      ),
    },
    { label: t("fields.street"), value: place },
    {
      label: t("fields.notes"),
      value: organisation.notes && <span className="whitespace-pre-line">{organisation.notes}</span>,
    },
  ];
  const known = items.filter(({ value }) => Boolean(value));
  return (
    <Card title={t("details")}>
      {known.length > 0 ? <DescriptionList items={known} /> : <p className="text-soft">{t("noDetails")}</p>}
    </Card>
  );
}
