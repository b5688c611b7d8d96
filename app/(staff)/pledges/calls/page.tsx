import { PhoneOff } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { may } from "#lib/department/permissions";
import { gate } from "#lib/gates/session";
import { listTies } from "#lib/tax/companies/queries";
import { listCalls } from "#lib/tax/pledges/agenda";
import { Card } from "#ui/card";
import { EmptyState } from "#ui/empty-state";
import { Pager } from "#ui/pager";
import { PrintButton } from "#ui/print-button";
import { addressOf, campaignOf } from "../campaign";
import { Heading } from "../heading";
import { Call } from "./call";

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

/** Whom to call and why they might say yes, twenty-five a page; it prints. */
export default async function CallsPage({ searchParams }: Props) {
  const user = await gate("tax.read", "/pledges/calls");
  const campaign = await campaignOf(await searchParams);
  const { year, search } = campaign;
  const [t, page] = [await getTranslations("pledges"), await listCalls(year, search)];
  const ties = await listTies(page.rows.map(({ organisationId }) => organisationId));
  const at = (cursor: { after?: string; before?: string }) =>
    addressOf("calls", year, { owner: search.owner, ...cursor });
  return (
    <>
      <Heading
        view="calls"
        campaign={campaign}
        edits={may(user.role, "tax.edit")}
        actions={<PrintButton label={t("print")} />}
      />
      <p className="mb-3 text-soft">{t("calls.lead")}</p>
      <Card flush>
        {page.rows.length === 0 && (
          <EmptyState icon={<PhoneOff />} title={t("calls.emptyTitle")}>
            {t("calls.emptyText")}
          </EmptyState>
        )}
        <ul className="divide-y divide-line">
          {page.rows.map((row) => (
            <Call key={row.pledgeId} row={row} ties={ties.get(row.organisationId)} year={year} />
          ))}
        </ul>
        <Pager
          previousHref={page.previous && at({ before: page.previous })}
          nextHref={page.next && at({ after: page.next })}
        />
      </Card>
    </>
  );
}
