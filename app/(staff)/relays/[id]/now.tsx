import { CalendarClock, Gauge, Hourglass, Send } from "lucide-react";
import Link from "next/link";
import { useFormatter, useTranslations } from "next-intl";
import { type Forecast, foresee } from "#lib/letters/ledger/forecast";
import type { RelayLive } from "#lib/letters/relays/live";
import { Card } from "#ui/card";
import { Stat, StatRow } from "#ui/stat";
import { Table } from "#ui/table";
import { LastMinutes } from "../../_live/last-minutes";
import { useForecast } from "../../_live/words";

/** What the relay does at this instant, and for whom. */
export function Now({ live, busy }: { live: RelayLive; busy: boolean }) {
  const t = useTranslations("live");
  const format = useFormatter();
  const waiting = live.campaigns.reduce((sum, { queued }) => sum + queued, live.letters);
  const end = useForecast()(endOfAll(live, waiting), live.now);
  return (
    <Card title={t("title")} description={busy && t("refresh")}>
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
            value={format.number(live.held)}
            note={t("inFlightNote")}
          />
          <Stat label={t("waiting")} icon={<Hourglass aria-hidden />} value={format.number(waiting)} />
          <Stat
            label={t("end")}
            icon={<CalendarClock aria-hidden />}
            value={<span className="text-xl">{end.value}</span>}
            note={end.note}
          />
        </StatRow>
        <LastMinutes minutes={live.minutes} now={live.now} />
        <Campaigns live={live} />
      </div>
    </Card>
  );
}

function endOfAll(live: RelayLive, waiting: number): Forecast | null {
  if (waiting === 0) return null;
  if (!live.workerAlive) return { unforeseen: "noWorker" };
  const queue = { waiting, others: [], letters: 0, lastDueAt: null, limitsDomains: live.domains.length > 0 };
  return foresee(live.load, queue, live.now);
}

function Campaigns({ live: { campaigns, letters } }: { live: RelayLive }) {
  const t = useTranslations("limits");
  const format = useFormatter();
  return (
    <>
      {letters > 0 && (
        <p className="text-sm text-soft">
          {letters > 1_000 ? t("lettersMany") : t("lettersWait", { count: letters })}
        </p>
      )}
      <Table
        caption={t("waitingCampaigns")}
        rows={campaigns}
        rowKey={({ id }) => id}
        empty={<p className="text-sm text-faint">{t("nothingWaits")}</p>}
        className="-mx-5 -mb-5"
        columns={[
          {
            key: "name",
            label: t("campaign"),
            heading: true,
            cell: ({ id, name }) => (
              <Link
                href={`/campaigns/${id}`}
                className="rounded [overflow-wrap:anywhere] hover:text-brand-text hover:underline"
              >
                {name}
              </Link>
            ),
          },
          {
            key: "queued",
            label: t("campaignWaiting"),
            numeric: true,
            cell: ({ queued }) => format.number(queued),
          },
        ]}
      />
    </>
  );
}
