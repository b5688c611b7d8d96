import { useFormatter, useTranslations } from "next-intl";
import type { Week } from "#lib/office/dashboard/queries";
import { Card } from "#ui/card";
import { BarChart } from "#ui/chart";

/** Two charts and not one: a reply among a thousand mails would not be seen. */
export function Trend({ weeks }: { weeks: Week[] }) {
  const t = useTranslations("dashboard.trend");
  const format = useFormatter();
  const data = weeks.map(({ startsOn, ...counts }) => ({
    label: format.dateTime(startsOn, { day: "numeric", month: "short" }),
    ...counts,
  }));
  const sentNothing = weeks.every(({ sent }) => sent === 0);
  return (
    <Card title={t("title")} description={t("description")}>
      {sentNothing ? (
        <p className="text-soft">{t("empty")}</p>
      ) : (
        <div className="grid gap-6 md:grid-cols-2">
          <BarChart
            title={t("sentChart")}
            data={data}
            series={[{ key: "sent", label: t("sent") }]}
            height={220}
          />
          <BarChart
            title={t("answersChart")}
            data={data}
            series={[
              { key: "replied", label: t("replied") },
              { key: "unsubscribed", label: t("unsubscribed") },
            ]}
            height={220}
          />
        </div>
      )}
    </Card>
  );
}
