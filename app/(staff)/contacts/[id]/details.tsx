import { useLocale, useTranslations } from "next-intl";
import { formatDate } from "#lib/machine/format";
import type { ContactDetail } from "#lib/people/contacts/queries";
import { Card } from "#ui/card";
import { DescriptionList } from "#ui/description-list";

export function Details({ contact }: { contact: ContactDetail }) {
  const t = useTranslations("contacts");
  const locale = useLocale();
  const place = [
    contact.street,
    `${contact.postcode} ${contact.city}`.trim(),
    contact.country === "FR" ? "" : contact.country,
  ];
  const origins = contact.externalIds.map(({ source, externalId }) =>
    t("originLine", { source: source.name, id: externalId }),
  );
  const items = [
    { label: t("fields.graduationYear"), value: contact.graduationYear },
    {
      label: t("fields.phone"),
      value: contact.phone && (
        <a className="hover:underline" href={`tel:${contact.phone.replaceAll(" ", "")}`}>
          {contact.phone}
        </a>
      ),
    },
    { label: t("fields.street"), value: place.filter(Boolean).join(", ") },
    {
      label: t("fields.website"),
      value: contact.website && (
        <a
          href={contact.website}
          rel="noreferrer"
          className="text-brand-text underline [overflow-wrap:anywhere]"
        >
          {contact.website.replace(/^https?:\/\//, "")}
        </a>
      ),
    },
    { label: t("fields.locale"), value: contact.locale === "en" ? t("locales.en") : t("locales.fr") },
    {
      label: t("fields.notes"),
      value: contact.notes && <span className="whitespace-pre-line">{contact.notes}</span>,
    },
    { label: t("origin"), value: origins.join(" · ") },
    { label: t("createdOn"), value: formatDate(contact.createdAt, locale) },
    { label: t("updatedOn"), value: formatDate(contact.updatedAt, locale) },
  ];
  return (
    <Card title={t("details")}>
      <DescriptionList items={items.filter(({ value }) => Boolean(value))} />
    </Card>
  );
}
