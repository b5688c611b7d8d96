import { Download, Mails } from "lucide-react";
import Link from "next/link";
import { notFound } from "next/navigation";
import { getFormatter, getTranslations } from "next-intl/server";
import { may } from "#lib/department/permissions";
import { gate } from "#lib/gates/session";
import { listOutcomes, type OutcomeRow } from "#lib/letters/campaigns/outcomes";
import { findCampaign } from "#lib/letters/campaigns/queries";
import { outcomes } from "#lib/letters/campaigns/schema";
import { idOf, storable } from "#lib/machine/asked";
import { Address } from "#ui/address";
import { Card } from "#ui/card";
import { EmptyState } from "#ui/empty-state";
import { Filters } from "#ui/filters";
import { LinkButton } from "#ui/link-button";
import { Pager } from "#ui/pager";
import { Select } from "#ui/select";
import { type Column, Table } from "#ui/table";
import { Heading } from "../heading";
import { Detail } from "./detail";

type Props = {
  params: Promise<{ id: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

export default async function DeliveriesPage({ params, searchParams }: Props) {
  const id = idOf((await params).id) ?? 0;
  const user = await gate("campaigns.read", `/campaigns/${id}/deliveries`);
  const campaign = await findCampaign(id);
  if (!campaign) notFound();
  const search = await searchParams;
  const outcome = outcomes.find((known) => known === search.outcome) ?? "all";
  const after = typeof search.after === "string" ? storable(search.after) : null;
  const { rows, next } = await listOutcomes(id, outcome, after);
  const t = await getTranslations("campaigns");
  const here = `/campaigns/${id}/deliveries?outcome=${outcome}`;
  return (
    <>
      <Heading campaign={campaign} user={user} view="deliveries" />
      <div className="mb-4 flex flex-wrap items-end justify-between gap-3">
        <Filters label={t("list.filter")}>
          <Select
            name="outcome"
            label={t("list.filter")}
            defaultValue={outcome}
            options={outcomes.map((one) => ({ value: one, label: t(`list.${one}`) }))}
          />
        </Filters>
        {may(user.role, "contacts.export") && (
          <LinkButton
            href={`/campaigns/${id}/export?outcome=${outcome}`}
            prefetch={false}
            icon={<Download aria-hidden />}
          >
            {t("page.export")}
          </LinkButton>
        )}
      </div>
      <Card flush>
        <Table
          caption={t("list.caption")}
          columns={await columns(id)}
          rows={rows}
          rowKey={({ id }) => id}
          empty={<EmptyState icon={<Mails />} title={t("list.empty")} />}
        />
        <Pager
          previousHref={after ? here : null}
          nextHref={next && `${here}&after=${encodeURIComponent(next)}`}
        />
      </Card>
    </>
  );
}

async function columns(campaignId: number): Promise<Column<OutcomeRow>[]> {
  const t = await getTranslations("campaigns.list");
  const format = await getFormatter();
  return [
    {
      key: "person",
      label: t("person"),
      heading: true,
      cell: ({ contactId, name }) =>
        contactId ? (
          <Link href={`/contacts/${contactId}`} className="hover:text-brand-text hover:underline">
            {name}
          </Link>
        ) : (
          <span className="text-faint">{t("nobody")}</span>
        ),
    },
    {
      key: "address",
      label: t("address"),
      cell: ({ address }) => <Address>{address}</Address>,
    },
    { key: "detail", label: t("status"), cell: (row) => <Detail row={row} /> },
    {
      key: "when",
      label: t("when"),
      wideOnly: true,
      cell: ({ settledAt }) =>
        settledAt && format.dateTime(settledAt, { dateStyle: "short", timeStyle: "short" }),
    },
    {
      key: "attempts",
      label: t("attempts"),
      numeric: true,
      wideOnly: true,
      cell: ({ id, attempts }) =>
        attempts > 0 ? (
          <Link
            href={`/campaigns/${campaignId}/deliveries/${id}`}
            className="text-brand-text underline underline-offset-2"
          >
            {format.number(attempts)}
          </Link>
        ) : (
          "0"
        ),
    },
  ];
}
