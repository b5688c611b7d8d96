import { useFormatter, useTranslations } from "next-intl";
import { formatDateTime } from "#lib/machine/format";
import type { Decidable } from "#lib/office/restores/queries";
import { Card } from "#ui/card";
import { type Column, RowLink, Table } from "#ui/table";

type Props = { campaigns: Decidable[]; locale: string; held?: boolean };

/** Campaign by campaign: what would leave, to how many, and what is known of what left. Deciding is on its own page. */
export function Waiting({ campaigns, locale, held = false }: Props) {
  const t = useTranslations("installation.campaigns");
  return (
    <Card flush title={t(held ? "heldTitle" : "title")} description={t(held ? "heldLead" : "lead")}>
      <Table
        caption={t(held ? "heldTitle" : "title")}
        columns={useColumns(locale, held)}
        rows={campaigns}
        rowKey={({ id }) => id}
        empty={<p className="px-5 pb-5 text-soft">{t("none")}</p>}
      />
    </Card>
  );
}

function useColumns(locale: string, held: boolean): Column<Decidable>[] {
  const t = useTranslations("installation.campaigns");
  const format = useFormatter();
  return [
    {
      key: "name",
      label: t("name"),
      heading: true,
      cell: ({ id, name }) => <RowLink href={`/campaigns/${id}`}>{name}</RowLink>,
    },
    {
      key: "state",
      label: t("state"),
      cell: ({ status, scheduledFor }) =>
        scheduledFor
          ? t("scheduled", { at: formatDateTime(scheduledFor, locale) })
          : t(status === "draft" ? "later" : "underWay"),
    },
    {
      key: "would",
      label: t("would"),
      numeric: true,
      cell: ({ recipients }) => format.number(recipients),
    },
    {
      key: "may",
      label: t("may"),
      cell: ({ status, sent, recipients }) =>
        status === "draft" || status === "scheduled"
          ? t("mayAll", { n: recipients })
          : t("mayRest", { sent, n: recipients }),
    },
    ...(held
      ? []
      : [
          {
            key: "found",
            label: t("found"),
            numeric: true,
            cell: ({ found }: Decidable) => format.number(found),
          },
        ]),
  ];
}
