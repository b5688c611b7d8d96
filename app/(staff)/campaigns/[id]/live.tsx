import { CalendarClock, Gauge, Hourglass, Send } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import type { CampaignLive } from "#lib/letters/campaigns/live";
import { Card } from "#ui/card";
import { Stat, StatRow } from "#ui/stat";
import { LastMinutes } from "../../_live/last-minutes";
import { useForecast } from "../../_live/words";

/** What happens at this instant: pace, queue, end. */
export function Live({ live, now }: { live: CampaignLive; now: Date }) {
  const t = useTranslations("live");
  const format = useFormatter();
  const end = useForecast()(live.forecast, now);
  return (
    <Card title={t("title")} description={t("refresh")}>
      <div className="flex flex-col gap-4">
        <StatRow>
          <Stat
            label={t("rate")}
            icon={<Gauge aria-hidden />}
            value={t("rateValue", { count: live.rate, formatted: format.number(live.rate) })}
            note={t("rateNote")}
          />
          <Stat
            label={t("inFlight")}
            icon={<Send aria-hidden />}
            value={format.number(live.inFlight)}
            note={t("inFlightNote")}
          />
          <Stat
            label={t("waiting")}
            icon={<Hourglass aria-hidden />}
            value={format.number(live.waiting)}
            note={useQueue()(live)}
          />
          <Stat
            label={t("end")}
            icon={<CalendarClock aria-hidden />}
            value={<span className="text-xl">{end.value}</span>}
            note={end.note}
          />
        </StatRow>
        <LastMinutes minutes={live.minutes} now={now} />
      </div>
    </Card>
  );
}

/** How the queue divides between now and later. */
function useQueue(): (live: CampaignLive) => string {
  const t = useTranslations("live");
  const format = useFormatter();
  return ({ waiting, due, later, atLeast }) => {
    const counts = { due: format.number(due), later: format.number(later) };
    if (waiting === 0) return t("waitingNone");
    if (atLeast) return t("waitingDueMany", counts);
    return later === 0 ? t("waitingReady") : t("waitingDue", counts);
  };
}
