import { Building2 } from "lucide-react";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { may } from "#lib/department/permissions";
import { gate } from "#lib/gates/session";
import { idOf } from "#lib/machine/asked";
import { listTies } from "#lib/tax/companies/queries";
import { findPledge, listEvents, listOwners } from "#lib/tax/pledges/queries";
import { movesFrom } from "#lib/tax/pledges/rules";
import { findPromise } from "#lib/tax/promises/queries";
import { findRates } from "#lib/tax/rates/queries";
import { Alert } from "#ui/alert";
import { Badge } from "#ui/badge";
import { Card } from "#ui/card";
import { LinkButton } from "#ui/link-button";
import { PageHeader } from "#ui/page-header";
import { Why } from "../../organisations/[id]/tax/why";
import { addressOf } from "../campaign";
import { MoveForm } from "../move-form";
import { toneOf } from "../tones";
import { About } from "./about";
import { Follow, Log, Reminders } from "./follow";
import { History } from "./history";

type Props = { params: Promise<{ id: string }> };

export default async function PledgePage({ params }: Props) {
  const id = idOf((await params).id) ?? 0;
  const user = await gate("tax.read", `/pledges/${id}`);
  const pledge = await findPledge(id);
  if (!pledge) notFound();
  const { organisationId, campaignYear } = pledge;
  const [t, events, owners, all, promise, rates] = await Promise.all([
    getTranslations("pledges"),
    listEvents(id),
    listOwners(),
    listTies([organisationId]),
    findPromise(id),
    findRates(),
  ]);
  const [ties, edits] = [all.get(organisationId), may(user.role, "tax.edit")];
  return (
    <>
      <PageHeader
        title={t("page.title", { name: pledge.name })}
        breadcrumbs={[
          { label: t("titleOf", { year: String(campaignYear) }), href: addressOf("", campaignYear) },
        ]}
        aside={
          <Badge tone={toneOf[pledge.state]} dot>
            {t(`states.${pledge.state}`)}
          </Badge>
        }
        lead={ties && <Why ties={ties} year={campaignYear} />}
        actions={
          <LinkButton
            href={`/organisations/${organisationId}/tax?year=${campaignYear}`}
            icon={<Building2 aria-hidden />}
          >
            {t("page.company")}
          </LinkButton>
        }
      />
      {pledge.unverified && (
        <Alert tone="warn" className="mb-4">
          {t("page.unverified")}
        </Alert>
      )}
      {pledge.unsolicited && (
        <Alert tone="warn" className="mb-4">
          {t("company.mayNot", { reason: t(`company.reasons.${pledge.unsolicited}`) })}
        </Alert>
      )}
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <div className="flex min-w-0 flex-col gap-6">
          {pledge.reminders.length > 0 && <Reminders pledge={pledge} edits={edits} />}
          <About pledge={pledge} promise={promise} rates={rates} />
          {edits && <Log pledge={pledge} people={ties?.people ?? []} />}
          <History events={events} />
        </div>
        {edits && (
          <div className="flex min-w-0 flex-col gap-6">
            <div id="deplacer" className="scroll-mt-4">
              <Card title={t("board.move")}>
                <MoveForm key={pledge.version} pledge={pledge} to={null} targets={movesFrom(pledge.state)} />
              </Card>
            </div>
            <Follow pledge={pledge} owners={owners} />
          </div>
        )}
      </div>
    </>
  );
}
