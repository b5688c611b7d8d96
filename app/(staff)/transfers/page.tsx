import { getLocale, getTranslations } from "next-intl/server";
import { may } from "#lib/department/permissions";
import { gate } from "#lib/gates/session";
import { formatCents } from "#lib/machine/format";
import { wallClock } from "#lib/machine/paris";
import { listDonorChanges } from "#lib/tax/transfers/donors";
import { listFiles, listTransfers, listTwice } from "#lib/tax/transfers/queries";
import { listCampaignYears } from "#lib/tax/years/queries";
import { askedYear } from "#lib/tax/years/schema";
import { Alert } from "#ui/alert";
import { Card } from "#ui/card";
import { LinkButton } from "#ui/link-button";
import { PageHeader } from "#ui/page-header";
import { Stat, StatRow } from "#ui/stat";
import { DonorChanges } from "./donor-changes";
import { FilesTable } from "./files-table";
import { NewTransfer } from "./new-transfer";
import { TransfersTable } from "./transfers-table";
import { Twice } from "./twice";
import { UploadCard } from "./upload-card";

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

const problems = ["notASheet", "tooBig", "tooSlow", "empty", "badUpload", "uploadsBusy"] as const;

/** What SOLTéA paid in a campaign, and how far it found its donors. */
export default async function TransfersPage({ searchParams }: Props) {
  const user = await gate("tax.read", "/transfers");
  const asked = await searchParams;
  const year = askedYear.parse(asked.year) ?? Number(wallClock(new Date()).slice(0, 4));
  const [t, locale, transfers, files, twice, changes, known] = [
    await getTranslations("transfers"),
    await getLocale(),
    await listTransfers(year),
    await listFiles(),
    await listTwice(year),
    await listDonorChanges(year),
    await listCampaignYears(),
  ];
  const edits = may(user.role, "tax.edit");
  const problem = problems.find((one) => one === asked.problem);
  const sum = (name: "bankCents" | "matchedCents" | "reliquatCents" | "openLines") =>
    transfers.reduce((total, row) => total + (row[name] ?? 0), 0);
  return (
    <>
      <PageHeader
        title={t("title")}
        lead={t("lead", { year: String(year) })}
        actions={
          <>
            <LinkButton href={`/transfers/gaps?year=${year}`}>{t("gaps")}</LinkButton>
            {may(user.role, "tax.export") && (
              <LinkButton href={`/transfers/export?year=${year}`} download prefetch={false}>
                {t("accounting")}
              </LinkButton>
            )}
          </>
        }
      />
      <nav aria-label={t("years")} className="mb-5 flex flex-wrap gap-2">
        {[...new Set([year, ...known])]
          .sort((a, b) => b - a)
          .map((one) => (
            <LinkButton
              key={one}
              href={`/transfers?year=${one}`}
              size="sm"
              variant={one === year ? "primary" : "secondary"}
              aria-current={one === year ? "page" : undefined}
            >
              {String(one)}
            </LinkButton>
          ))}
      </nav>
      {problem && (
        <Alert tone="bad" className="mb-5">
          {t(`errors.${problem}`)}
        </Alert>
      )}
      {"stored" in asked && (
        <Alert tone="good" className="mb-5">
          {t("preview.stored")}
        </Alert>
      )}
      <div className="flex flex-col gap-5">
        <StatRow>
          <Stat
            label={t("received")}
            value={formatCents(sum("bankCents"), locale)}
            note={t("receivedNote")}
          />
          <Stat
            label={t("matched")}
            value={formatCents(sum("matchedCents"), locale)}
            note={t("matchedNote")}
          />
          <Stat
            label={t("reliquat")}
            value={formatCents(sum("reliquatCents"), locale)}
            note={t("reliquatNote")}
          />
          <Stat label={t("open")} value={sum("openLines")} tone={sum("openLines") > 0 ? "warn" : "good"} />
        </StatRow>
        <Card title={t("list")} flush>
          <TransfersTable rows={transfers} year={year} />
        </Card>
        <Twice rows={twice} />
        {edits && <UploadCard />}
        {edits && <NewTransfer year={year} />}
        <DonorChanges changes={changes} year={year} />
        <Card title={t("files.title")} flush>
          <FilesTable rows={files} edits={edits} />
        </Card>
      </div>
    </>
  );
}
