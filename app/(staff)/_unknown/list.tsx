import { CircleCheck } from "lucide-react";
import Link from "next/link";
import { getFormatter, getTranslations } from "next-intl/server";
import { personalised } from "#lib/letters/campaigns/show";
import type { UnknownRow } from "#lib/letters/deliveries/queries";
import { Address } from "#ui/address";
import { Card } from "#ui/card";
import { EmptyState } from "#ui/empty-state";
import type { FormAction } from "#ui/form";
import { Pager } from "#ui/pager";
import { ServerWords } from "#ui/server-words";
import { type Column, Table } from "#ui/table";
import { Decisions } from "./decisions";
import { Evidence } from "./evidence";

type Props = {
  rows: readonly UnknownRow[];
  /** Null: this person may read only. */
  settle: { action: FormAction; fields: Record<string, string | number> } | null;
  previousHref: string | null;
  nextHref: string | null;
};

/** Each delivery of unknown outcome with its evidence, and a decision for it alone. */
export async function UnknownList({ rows, settle, previousHref, nextHref }: Props) {
  const t = await getTranslations("deliveries.unknown");
  return (
    <Card flush>
      <Table
        caption={t("caption")}
        columns={await columns(settle)}
        rows={rows}
        rowKey={({ id }) => id}
        empty={
          <EmptyState icon={<CircleCheck />} title={t("empty")}>
            {t("emptyText")}
          </EmptyState>
        }
      />
      <Pager previousHref={previousHref} nextHref={nextHref} />
    </Card>
  );
}

async function columns(settle: Props["settle"]): Promise<Column<UnknownRow>[]> {
  const t = await getTranslations("deliveries.unknown");
  const decide: Column<UnknownRow> = {
    key: "decide",
    label: t("decide"),
    labelHidden: true,
    cell: ({ id, address }) =>
      settle && (
        <span className="flex flex-wrap gap-2 lg:flex-nowrap">
          <Decisions {...settle} fields={{ ...settle.fields, deliveryId: id }} count={1} one={address} />
        </span>
      ),
  };
  return [
    { key: "who", label: t("who"), heading: true, cell: (row) => <Who row={row} /> },
    { key: "words", label: t("words"), cell: (row) => <Words row={row} /> },
    { key: "evidence", label: t("evidence"), cell: (row) => <Evidence row={row} /> },
    ...(settle ? [decide] : []),
  ];
}

async function Who({ row: { id, campaignId, name, address, subject } }: { row: UnknownRow }) {
  const t = await getTranslations("deliveries.unknown");
  return (
    <span className="flex flex-col sm:min-w-36">
      <span className="[overflow-wrap:anywhere]">{name ?? address}</span>
      {name && (
        <span className="text-[0.8125rem] font-normal text-faint">
          <Address>{address}</Address>
        </span>
      )}
      {campaignId === null ? (
        <span className="text-[0.8125rem] font-normal text-soft">
          {personalised(subject, null, "header")}
        </span>
      ) : (
        <Link
          href={`/campaigns/${campaignId}/deliveries/${id}`}
          className="text-[0.8125rem] font-normal text-brand-text underline underline-offset-2 pointer-coarse:py-1"
          aria-label={t("attemptsOf", { address })}
        >
          {t("attempts")}
        </Link>
      )}
    </span>
  );
}

/** When, through what, what ended the try, and what the server had said. */
async function Words({ row: { announcedAt, unknownAt, relay, reason, reply } }: { row: UnknownRow }) {
  const t = await getTranslations("deliveries");
  const format = await getFormatter();
  const when = format.dateTime(announcedAt ?? unknownAt, { dateStyle: "short", timeStyle: "medium" });
  const key = `reasons.${reason}` as "reasons.workerLost";
  return (
    <span className="flex max-w-xs flex-col gap-0.5">
      <span>{t.has(key) ? t(key) : t("unknown.noWords")}</span>
      <span className="text-[0.8125rem] text-soft">
        {relay ? t("unknown.announcedThrough", { when, relay }) : t("unknown.announced", { when })}
      </span>
      {reply && <ServerWords className="text-faint">{reply}</ServerWords>}
    </span>
  );
}
