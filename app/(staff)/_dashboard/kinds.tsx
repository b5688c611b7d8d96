import { useTranslations } from "next-intl";
import type { KindCount } from "#lib/office/dashboard/queries";
import { Card } from "#ui/card";
import { DonutChart } from "#ui/chart";
import { LinkButton } from "#ui/link-button";

export function Kinds({ kinds }: { kinds: KindCount[] }) {
  const t = useTranslations("dashboard.kinds");
  const names = useTranslations("segments.kinds");
  return (
    <Card
      title={t("title")}
      description={t("description")}
      actions={
        <LinkButton href="/contacts" variant="ghost" size="sm">
          {t("all")}
        </LinkButton>
      }
    >
      {kinds.length === 0 ? (
        <p className="text-soft">{t("empty")}</p>
      ) : (
        <DonutChart
          title={t("chart")}
          data={kinds.map(({ kind, people }) => ({ label: names(kind), people }))}
          series={[{ key: "people", label: t("people") }]}
          height={180}
        />
      )}
    </Card>
  );
}
