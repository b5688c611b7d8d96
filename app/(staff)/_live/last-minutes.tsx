import { useTranslations } from "next-intl";
import type { Minute } from "#lib/letters/relays/live";
import { timeZone } from "#lib/machine/format";
import { BarChart } from "#ui/chart";

const SHOWN = 30;
const clock = new Intl.DateTimeFormat("fr-FR", { timeZone, hour: "2-digit", minute: "2-digit" });

/** What the last half hour accepted and refused, minute by minute; nothing when it did neither. */
export function LastMinutes({ minutes, now }: { minutes: readonly Minute[]; now: Date }) {
  const t = useTranslations("live");
  const current = Math.floor(now.getTime() / 60_000);
  const minute = (at: Date) => Math.floor(at.getTime() / 60_000);
  if (!minutes.some(({ at, sent, refused }) => sent + refused > 0 && minute(at) > current - SHOWN))
    return null;
  const data = Array.from({ length: SHOWN }, (_, i) => {
    const at = current - SHOWN + 1 + i;
    const found = minutes.find((one) => minute(one.at) === at);
    return {
      label: clock.format(new Date(at * 60_000)),
      sent: found?.sent ?? 0,
      refused: found?.refused ?? 0,
    };
  });
  const series = [
    { key: "sent", label: t("sent") },
    ...(data.some(({ refused }) => refused > 0) ? [{ key: "refused", label: t("refused") }] : []),
  ];
  return <BarChart title={t("chart")} data={data} series={series} height={150} stacked />;
}
