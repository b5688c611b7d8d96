import Link from "next/link";
import { useFormatter, useTranslations } from "next-intl";
import { Address } from "#ui/address";
import { Card } from "#ui/card";
import { DescriptionList } from "#ui/description-list";
import type { Mail } from "./mail";

/** Whom it is about, where it came from, and what was done with it. */
export function Facts({ mail }: { mail: Mail }) {
  const t = useTranslations("received");
  const format = useFormatter();
  const { contact, delivery } = mail;
  const link = "rounded text-brand-text underline underline-offset-3";
  return (
    <Card title={t("about")}>
      <DescriptionList
        items={[
          {
            label: t("columns.contact"),
            value: contact ? (
              <Link href={`/contacts/${contact.id}`} className={link}>
                {`${contact.firstName} ${contact.lastName}`.trim()}
              </Link>
            ) : (
              t("noContact")
            ),
          },
          {
            label: t("columns.campaign"),
            value: delivery?.campaign ? (
              <Link href={`/campaigns/${delivery.campaign.id}`} className={link}>
                {delivery.campaign.name}
              </Link>
            ) : (
              t("noCampaign")
            ),
          },
          delivery && { label: t("to"), value: <Address>{delivery.address}</Address> },
          { label: t("from"), value: <Address>{mail.sender}</Address> },
          {
            label: t("received"),
            value: format.dateTime(mail.receivedAt, { dateStyle: "long", timeStyle: "short" }),
          },
          { label: t("relay"), value: mail.relay.name },
          mail.folder !== null && { label: t("foundIn"), value: mail.folder },
          mail.backOn && {
            label: t("classes.auto-reply"),
            value: t("backOn", {
              date: format.dateTime(mail.backOn, { dateStyle: "long", timeZone: "UTC" }),
            }),
          },
          mail.handledAt && {
            label: t("handle"),
            value: t("handledOn", {
              date: format.dateTime(mail.handledAt, { dateStyle: "long", timeStyle: "short" }),
            }),
          },
        ]}
      />
    </Card>
  );
}
