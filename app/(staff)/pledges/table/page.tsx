import { Download, HandCoins, SearchX } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { may } from "#lib/department/permissions";
import { gate } from "#lib/gates/session";
import { listPledges, sumStates } from "#lib/tax/pledges/queries";
import { pledgeStates } from "#lib/tax/pledges/rules";
import { Card } from "#ui/card";
import { EmptyState } from "#ui/empty-state";
import { SearchField } from "#ui/filters";
import { LinkButton } from "#ui/link-button";
import { Pager } from "#ui/pager";
import { PrintButton } from "#ui/print-button";
import { Select } from "#ui/select";
import { addressOf, campaignOf } from "../campaign";
import { Figures, Heading } from "../heading";
import { PledgesTable } from "./rows";

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function PledgesTablePage({ searchParams }: Props) {
  const user = await gate("tax.read", "/pledges/table");
  const campaign = await campaignOf(await searchParams);
  const { year, search } = campaign;
  const [t, page, totals] = await Promise.all([
    getTranslations("pledges"),
    listPledges(year, search),
    sumStates(year, search),
  ]);
  const { state, owner, q } = search;
  const filtered = state || q || owner;
  const count = pledgeStates
    .filter((one) => !state || one === state)
    .reduce((sum, one) => sum + totals[one].count, 0);
  const at = (cursor: { after?: string; before?: string }) =>
    addressOf("table", year, { state, owner, q, ...cursor });
  return (
    <>
      <Heading
        view="table"
        campaign={campaign}
        edits={may(user.role, "tax.edit")}
        actions={
          <>
            {may(user.role, "tax.export") && (
              <LinkButton
                href={addressOf("table", year, { state, owner, q }).replace("/table", "/export")}
                prefetch={false}
                icon={<Download aria-hidden />}
              >
                {t("export")}
              </LinkButton>
            )}
            <PrintButton label={t("print")} />
          </>
        }
      >
        <SearchField label={t("search")} defaultValue={q} />
        <Select
          name="state"
          label={t("state")}
          labelHidden
          defaultValue={state}
          options={[
            { value: "", label: t("anyState") },
            ...pledgeStates.map((value) => ({ value, label: t(`states.${value}`) })),
          ]}
        />
      </Heading>
      <Figures year={year} totals={totals} search={search} />
      <Card flush>
        <PledgesTable
          rows={page.rows}
          empty={
            <EmptyState
              icon={filtered ? <SearchX /> : <HandCoins />}
              title={filtered ? t("empty.noneTitle") : t("empty.title")}
              actions={
                filtered && <LinkButton href={addressOf("table", year)}>{t("empty.clear")}</LinkButton>
              }
            >
              {filtered ? t("empty.noneText") : t("empty.text")}
            </EmptyState>
          }
        />
        <Pager
          previousHref={page.previous && at({ before: page.previous })}
          nextHref={page.next && at({ after: page.next })}
          summary={q ? undefined : t("count", { count })}
        />
      </Card>
    </>
  );
}
