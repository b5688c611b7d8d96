import { CircleCheck, MessageCircle, TriangleAlert, Undo2, UserMinus } from "lucide-react";
import { getFormatter, getTranslations } from "next-intl/server";
import { type Funnel, percent, type Rate, rateOf } from "#lib/letters/campaigns/funnel";
import { Card } from "#ui/card";
import { Stat, StatRow } from "#ui/stat";
import { Table } from "#ui/table";
import { WebAddress } from "#ui/web-address";

/** What the campaign brought back, each figure leading to its people. */
export async function Figures({ id, funnel }: { id: number; funnel: Funnel }) {
  const t = await getTranslations("campaigns.page");
  const format = await getFormatter();
  const share = (rate: Rate) => {
    const value = rateOf(funnel, rate);
    return value === null ? undefined : t("shareNote", { share: format.number(value, percent) });
  };
  const { delivered, returned, replied, unsubscribed, complained } = funnel;
  const list = (outcome: string) => `/campaigns/${id}/deliveries?outcome=${outcome}`;
  return (
    <StatRow>
      <Stat
        label={t("delivered")}
        icon={<CircleCheck aria-hidden />}
        value={format.number(delivered)}
        note={share("delivered")}
        href={list("sent")}
      />
      <Stat
        label={t("bounced")}
        icon={<Undo2 aria-hidden />}
        value={format.number(returned)}
        note={share("returned")}
        href={list("bounced")}
      />
      <Stat
        label={t("replied")}
        icon={<MessageCircle aria-hidden />}
        value={format.number(replied)}
        note={share("replied")}
        href={list("replied")}
      />
      <Stat
        label={t("unsubscribed")}
        icon={<UserMinus aria-hidden />}
        value={format.number(unsubscribed)}
        note={share("unsubscribed")}
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

export async function Clicks({ links }: { links: { url: string; clicks: number | null }[] }) {
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
            cell: ({ url }) => <WebAddress className="font-normal">{url}</WebAddress>,
          },
          {
            key: "clicks",
            label: t("clickCount"),
            numeric: true,
            cell: ({ clicks }) => (clicks === null ? t("clicksFew") : format.number(clicks)),
          },
        ]}
      />
    </Card>
  );
}
