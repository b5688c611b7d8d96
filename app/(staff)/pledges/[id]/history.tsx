import { useLocale, useTranslations } from "next-intl";
import { formatCents, formatDateTime } from "#lib/machine/format";
import type { PledgeEvent } from "#lib/tax/pledges/queries";
import { Card } from "#ui/card";
import { Timeline } from "#ui/timeline";
import { toneOf } from "../tones";

/** Every state a pledge was in, with who moved it and what was said. */
export function History({ events }: { events: PledgeEvent[] }) {
  const t = useTranslations("pledges");
  const locale = useLocale();
  const title = ({ from, to, data }: PledgeEvent) => {
    if (from === null) return t("page.created", { to: t(`states.${to}`) });
    if (from === to) return data.cents === undefined ? t("page.stayed") : t(`states.${to}`);
    return t("page.event", { from: t(`states.${from}`), to: t(`states.${to}`) });
  };
  const facts = ({ data, by }: PledgeEvent) =>
    [
      data.cents !== undefined && t("page.sum", { amount: formatCents(data.cents, locale) }),
      data.why,
      by ?? t("page.system"),
    ]
      .filter(Boolean)
      .join(" · ");
  const moments = events.map((event) => ({
    id: String(event.id),
    icon: null,
    tone: toneOf[event.to],
    title: title(event),
    when: formatDateTime(event.at, locale),
    dateTime: event.at.toISOString(),
    children: facts(event),
  }));
  return (
    <Card title={t("page.history")}>
      <Timeline label={t("page.history")} moments={moments} />
    </Card>
  );
}
