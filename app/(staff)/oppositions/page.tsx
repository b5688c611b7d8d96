import { Download, ListPlus, ShieldBan } from "lucide-react";
import Link from "next/link";
import { useFormatter, useTranslations } from "next-intl";
import { getTranslations } from "next-intl/server";
import { may } from "#lib/department/permissions";
import { gate } from "#lib/gates/session";
import { listOppositions, type Opposition } from "#lib/people/suppressions/oppositions";
import { oppositionSearch, suppressionReasons } from "#lib/people/suppressions/schema";
import { Address } from "#ui/address";
import { Badge } from "#ui/badge";
import { Card } from "#ui/card";
import { EmptyState } from "#ui/empty-state";
import { Filters, SearchField } from "#ui/filters";
import { HouseWords } from "#ui/house-words";
import { LinkButton } from "#ui/link-button";
import { PageHeader } from "#ui/page-header";
import { Pager } from "#ui/pager";
import { PrintButton } from "#ui/print-button";
import { Select } from "#ui/select";
import { type Column, RowLink, Table } from "#ui/table";

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

/** To whom we no longer write, since when, and what proves it; it prints. */
export default async function OppositionsPage({ searchParams }: Props) {
  const user = await gate("subscriptions.edit", "/oppositions");
  const search = oppositionSearch.parse(await searchParams);
  const [t, page] = [await getTranslations("oppositions"), await listOppositions(search)];
  const filters = Object.entries({ q: search.q, reason: search.reason }).filter(([, value]) => value !== "");
  const at = (path: string, cursor: Record<string, string> = {}) =>
    `/oppositions${path}?${new URLSearchParams([...filters, ...Object.entries(cursor)])}`;
  return (
    <>
      <PageHeader
        title={t("title")}
        lead={t("lead")}
        actions={
          <>
            <PrintButton label={t("print")} />
            {may(user.role, "contacts.export") && (
              <LinkButton href={at("/export")} prefetch={false} icon={<Download aria-hidden />}>
                {t("export")}
              </LinkButton>
            )}
            <LinkButton href="/oppositions/import" icon={<ListPlus aria-hidden />}>
              {t("import")}
            </LinkButton>
          </>
        }
      />
      <Card flush>
        <div className="px-5 pt-4 pb-3">
          <Filters label={t("filters")}>
            <SearchField label={t("search")} defaultValue={search.q} />
            <Select
              name="reason"
              label={t("reason")}
              placeholder={t("anyReason")}
              defaultValue={search.reason}
              options={suppressionReasons.map((value) => ({ value, label: t(`reasons.${value}`) }))}
            />
          </Filters>
        </div>
        <Oppositions rows={page.rows} readsMail={may(user.role, "received.read")} />
        <Pager
          previousHref={page.previous && at("", { before: page.previous })}
          nextHref={page.next && at("", { after: page.next })}
        />
      </Card>
    </>
  );
}

function Oppositions({ rows, readsMail }: { rows: Opposition[]; readsMail: boolean }) {
  const t = useTranslations("oppositions");
  const format = useFormatter();
  const columns: Column<Opposition>[] = [
    { key: "who", label: t("columns.who"), heading: true, cell: (row) => <Who row={row} /> },
    {
      key: "reason",
      label: t("columns.reason"),
      cell: ({ reason }) => (
        <Badge tone={reason === "complaint" || reason === "hard_bounce" ? "bad" : "warn"}>
          {t(`reasons.${reason}`)}
        </Badge>
      ),
    },
    {
      key: "scope",
      label: t("columns.scope"),
      labelled: true,
      cell: ({ topic }) => (topic ? <HouseWords>{topic}</HouseWords> : t("all")),
    },
    {
      key: "at",
      label: t("columns.at"),
      numeric: true,
      cell: ({ at }) => (
        <span className="whitespace-nowrap">{format.dateTime(at, { dateStyle: "medium" })}</span>
      ),
    },
    { key: "proof", label: t("columns.proof"), cell: (row) => <Proof row={row} readsMail={readsMail} /> },
  ];
  return (
    <Table
      caption={t("title")}
      columns={columns}
      rows={rows}
      rowKey={({ id }) => id}
      empty={
        <EmptyState icon={<ShieldBan />} title={t("empty")}>
          {t("emptyText")}
        </EmptyState>
      }
    />
  );
}

function Who({ row: { contactId, name, address, hash } }: { row: Opposition }) {
  const t = useTranslations("oppositions");
  if (contactId === null) return <span className="font-normal text-soft">{t("forgotten", { hash })}</span>;
  return (
    <>
      <RowLink href={`/contacts/${contactId}`}>{name ?? address}</RowLink>
      <span className="block text-sm font-normal text-faint">
        <Address>{address ?? ""}</Address>
      </span>
    </>
  );
}

/** How, by whom, and which mail: each leads to what proves it. */
function Proof({ row, readsMail }: { row: Opposition; readsMail: boolean }) {
  const t = useTranslations("oppositions");
  const link = "rounded text-brand-text underline underline-offset-3";
  const via = row.via && t.has(`via.${row.via as "page"}`) ? t(`via.${row.via as "page"}`) : null;
  const known = via || row.note || row.by || row.receivedMailId || (row.campaignId && row.deliveryId);
  if (!known) return <span className="text-sm text-faint">{t("noProof")}</span>;
  return (
    <span className="flex flex-wrap gap-x-2 text-sm">
      {via && <span>{via}</span>}
      {row.note && <span className="[overflow-wrap:anywhere]">{row.note}</span>}
      {row.by && <span>{t("by", { name: row.by })}</span>}
      {row.campaignId !== null && row.deliveryId !== null && (
        <Link href={`/campaigns/${row.campaignId}/deliveries/${row.deliveryId}`} className={link}>
          {t("letter")}
        </Link>
      )}
      {readsMail && row.receivedMailId !== null && (
        <Link href={`/received/${row.receivedMailId}`} className={link}>
          {t("mail")}
        </Link>
      )}
    </span>
  );
}
