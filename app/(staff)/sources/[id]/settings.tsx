import { useLocale, useTranslations } from "next-intl";
import { formatDateTime } from "#lib/machine/format";
import type { SourceDetail } from "#lib/sites/sources/queries";
import { Card } from "#ui/card";
import { DescriptionList } from "#ui/description-list";
import { WebAddress } from "#ui/web-address";

export function SourceSettings({ source }: { source: SourceDetail }) {
  const t = useTranslations("sources");
  const locale = useLocale();
  const kind = useTranslations("contacts")(`kinds.${source.defaultKind}`);
  return (
    <Card title={t("settings")}>
      <DescriptionList
        items={[
          { label: t("fields.key"), value: <code>{source.key}</code> },
          {
            label: t("fields.url"),
            value: source.url ? <WebAddress>{source.url}</WebAddress> : t("noUrl"),
          },
          { label: t("fields.access"), value: t(`access.${source.access}`) },
          source.access === "signed"
            ? {
                label: t("script.keyTitle"),
                value: source.secrets.waiting
                  ? t("script.keyWaiting")
                  : source.secrets.count > 0
                    ? t("script.keyUsed")
                    : t("script.keyNone"),
              }
            : { label: t("token"), value: source.hasToken ? t("tokenSet") : t("tokenNone") },
          { label: t("privateNetwork"), value: source.allowPrivate ? t("allowed") : t("refusedNetwork") },
          ...(source.networks.length > 0
            ? [{ label: t("fields.networks"), value: source.networks.join(", ") }]
            : []),
          { label: t("fields.defaultKind"), value: kind },
          {
            label: t("fields.schedule"),
            value: source.nextAt
              ? t("nextAt", {
                  schedule: t(`schedule.${source.schedule as "daily"}`),
                  date: formatDateTime(source.nextAt, locale),
                })
              : t(`schedule.${source.schedule as "daily"}`),
          },
          { label: t("fields.owner"), value: source.owner?.name ?? t("nobody") },
          ...(source.alertEmail ? [{ label: t("fields.alertEmail"), value: source.alertEmail }] : []),
          ...(source.dialect ? [{ label: t("dialect.link"), value: source.dialect.record }] : []),
          { label: t("rules.identity"), value: t(`rules.identities.${source.identity as "id"}`) },
          { label: t("rules.applies"), value: t(`rules.${source.applies as "auto"}`) },
        ]}
      />
    </Card>
  );
}
