import { Plus } from "lucide-react";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { may } from "#lib/department/permissions";
import { gate } from "#lib/gates/session";
import { idOf } from "#lib/machine/asked";
import { findOrganisation } from "#lib/people/organisations/queries";
import { findStance, listBases, listTies } from "#lib/tax/companies/queries";
import { listDirectPayments } from "#lib/tax/pledges/queries";
import { findRates } from "#lib/tax/rates/queries";
import { ActionButton } from "#ui/action-button";
import { PageHeader } from "#ui/page-header";
import { create } from "../../../pledges/actions";
import { campaignOf } from "../../../pledges/campaign";
import { Bases } from "./bases";
import { DirectPayments } from "./direct-payments";
import { StanceCard } from "./stance";
import { PledgesCard, TiesCard } from "./ties";

type Props = { params: Promise<{ id: string }>; searchParams: Promise<Record<string, string | undefined>> };

/** A company and the tax: who we know there, what it may give, what it gave. Staff only. */
export default async function CompanyTaxPage({ params, searchParams }: Props) {
  const id = idOf((await params).id) ?? 0;
  const user = await gate("tax.read", `/organisations/${id}/tax`);
  const [t, o, organisation] = [
    await getTranslations("pledges.company"),
    await getTranslations("organisations"),
    await findOrganisation(id),
  ];
  if (!organisation) notFound();
  const { year } = await campaignOf(await searchParams);
  const [ties, bases, stance, payments, rates] = await Promise.all([
    listTies([id]),
    listBases(id),
    findStance(id),
    listDirectPayments(id),
    findRates(),
  ]);
  const [found, edits] = [ties.get(id), may(user.role, "tax.edit")];
  if (!found || !stance) notFound();
  const there = found.pledges.some((one) => one.campaignYear === year);
  return (
    <>
      <PageHeader
        title={t("title", { name: organisation.name })}
        breadcrumbs={[
          { label: o("title"), href: "/organisations" },
          { label: organisation.name, href: `/organisations/${id}` },
        ]}
        actions={
          edits &&
          !there &&
          !stance.reason &&
          !organisation.archivedAt && (
            <ActionButton
              action={create}
              fields={{ organisationId: id, campaignYear: year }}
              namespace="pledges"
              icon={<Plus aria-hidden />}
              variant="primary"
            >
              {t("addTo", { year: String(year) })}
            </ActionButton>
          )
        }
      />
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <div className="flex min-w-0 flex-col gap-6">
          <TiesCard ties={found} year={year} />
          <PledgesCard pledges={found.pledges} />
        </div>
        <div className="flex min-w-0 flex-col gap-6">
          <StanceCard organisationId={id} stance={stance} edits={edits} />
          <Bases
            organisationId={id}
            year={year}
            bases={bases}
            rates={rates}
            headcount={organisation.headcount}
            edits={edits}
            soldeless={stance.reason === "alsaceMoselle"}
          />
          <DirectPayments organisationId={id} year={year} payments={payments} edits={edits} />
        </div>
      </div>
    </>
  );
}
