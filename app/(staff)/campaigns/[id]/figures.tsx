import { CircleCheck, MessageCircle, TriangleAlert, Undo2, UserMinus } from "lucide-react";
import Link from "next/link";
import { getFormatter, getTranslations } from "next-intl/server";
import { rates, type Totals } from "#lib/campaigns/rules";
import { Card } from "#ui/card";
import { Stat, StatRow } from "#ui/stat";
import { Table } from "#ui/table";

/** What the campaign brought back, each figure leading to its people. */
export async function Figures({ id, totals }: { id: number; totals: Totals }) {
  const t = await getTranslations("campaigns.page");
  const format = await getFormatter();
  const shares = rates(totals);
  const share = (value: number | null) =>
    value === null
      ? undefined
      : t("shareNote", { share: format.number(value, { style: "percent", maximumFractionDigits: 1 }) });
  const { sent, failed, hardBounced: hard, softBounced: soft, replied, unsubscribed, complained } = totals;
  const list = (outcome: string) => `/campaigns/${id}/deliveries?outcome=${outcome}`;
  return (
    <StatRow>
      <Stat
        label={t("delivered")}
        icon={<CircleCheck aria-hidden />}
        value={format.number(Math.max(0, sent - hard - soft))}
        note={share(shares.delivered)}
        href={list("sent")}
      />
      <Stat
        label={t("bounced")}
        icon={<Undo2 aria-hidden />}
        value={format.number(hard + soft + failed)}
        note={t("bouncedNote", { hard, soft, failed })}
        href={list(hard + soft > 0 || failed === 0 ? "bounced" : "failed")}
      />
      <Stat
        label={t("replied")}
        icon={<MessageCircle aria-hidden />}
        value={format.number(replied)}
        note={share(shares.replied)}
        href={list("replied")}
      />
      <Stat
        label={t("unsubscribed")}
        icon={<UserMinus aria-hidden />}
        value={format.number(unsubscribed)}
        note={share(shares.unsubscribed)}
        href={list("unsubscribed")}
      />
      {complained > 0 && (
        <Stat
          label={t("complained")}
          icon={<TriangleAlert aria-hidden />}
          value={format.number(complained)}
        />
      )}
    </StatRow>
  );
}

const states = ["queued", "sending", "unknown", "sent", "failed", "skipped"] as const;

/** The queue itself, counted. */
export async function Outcomes({ id, totals }: { id: number; totals: Totals }) {
  const t = await getTranslations("campaigns");
  const format = await getFormatter();
  return (
    <Card title={t("page.outcomes")} flush>
      <Table
        caption={t("page.outcomesCaption")}
        rows={states.map((state) => ({ state, count: totals[state] }))}
        rowKey={({ state }) => state}
        columns={[
          {
            key: "state",
            label: t("page.outcome"),
            heading: true,
            cell: ({ state }) => (
              <Link
                href={`/campaigns/${id}/deliveries?outcome=${state}`}
                className="hover:text-brand-text hover:underline"
              >
                {t(`list.${state}`)}
              </Link>
            ),
          },
          {
            key: "count",
            label: t("review.count"),
            numeric: true,
            cell: ({ count }) => format.number(count),
          },
        ]}
      />
    </Card>
  );
}

export async function Clicks({ links }: { links: { url: string; clicks: number }[] }) {
  const t = await getTranslations("campaigns.page");
  const format = await getFormatter();
  return (
    <Card title={t("clicks")} description={t("clicksNote")} flush>
      <Table
        caption={t("clicksCaption")}
        rows={links}
        rowKey={({ url }) => url}
        empty={<p className="px-5 pb-5 text-soft">{t("noLinks")}</p>}
        columns={[
          {
            key: "link",
            label: t("link"),
            heading: true,
            cell: ({ url }) => <span className="font-normal [overflow-wrap:anywhere]">{url}</span>,
          },
          {
            key: "clicks",
            label: t("clickCount"),
            numeric: true,
            cell: ({ clicks }) => format.number(clicks),
          },
        ]}
      />
    </Card>
  );
}
