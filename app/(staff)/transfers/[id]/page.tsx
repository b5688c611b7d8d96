import { notFound } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { may } from "#lib/department/permissions";
import { gate } from "#lib/gates/session";
import { idOf } from "#lib/machine/asked";
import { formatCents } from "#lib/machine/format";
import { listOpenLines } from "#lib/tax/transfers/candidates";
import { findTransfer, listMatched, listReliquat, type TransferRow } from "#lib/tax/transfers/queries";
import { Alert } from "#ui/alert";
import { PageHeader } from "#ui/page-header";
import { Stat, StatRow } from "#ui/stat";
import { Bank } from "./bank";
import { Matched } from "./matched";
import { Proposals } from "./proposals";
import { Queue } from "./queue";
import { Reliquat } from "./reliquat";

type Props = { params: Promise<{ id: string }> };

/** One transfer: what the bank says, what its lines say, and whose they are. */
export default async function TransferPage({ params }: Props) {
  const id = idOf((await params).id) ?? 0;
  const user = await gate("tax.read", `/transfers/${id}`);
  const [t, locale, transfer] = [
    await getTranslations("transfers"),
    await getLocale(),
    await findTransfer(id),
  ];
  if (!transfer) notFound();
  const { campaignYear, number } = transfer;
  const [open, matched, reliquat] = [
    await listOpenLines(id, campaignYear),
    await listMatched(id),
    await listReliquat(id),
  ];
  const balanced = transfer.bankCents === transfer.listedCents;
  const edits = may(user.role, "tax.edit");
  const amount = (cents: number) => formatCents(cents, locale);
  return (
    <>
      <PageHeader
        title={t("one.title", { number, year: String(campaignYear) })}
        lead={transfer.label && t("one.label", { label: transfer.label })}
        breadcrumbs={[{ label: t("title"), href: `/transfers?year=${campaignYear}` }]}
      />
      <div className="flex flex-col gap-5">
        <Balance transfer={transfer} />
        <StatRow>
          <Stat
            label={t("received")}
            value={transfer.bankCents === null ? "—" : amount(transfer.bankCents)}
            note={t("receivedNote")}
          />
          <Stat label={t("columns.listed")} value={amount(transfer.listedCents)} />
          <Stat label={t("matched")} value={amount(transfer.matchedCents)} note={t("matchedNote")} />
          <Stat label={t("reliquat")} value={amount(transfer.reliquatCents)} note={t("reliquatNote")} />
        </StatRow>
        <Proposals id={id} lines={open} edits={edits && balanced} />
        <Queue lines={open} edits={edits && balanced} />
        <Matched lines={matched} edits={edits} />
        <Reliquat lines={reliquat} />
        {edits && <Bank transfer={transfer} />}
      </div>
    </>
  );
}

/** Whether the lines make the bank's amount: without it nothing is matched. */
async function Balance({ transfer }: { transfer: TransferRow }) {
  const [t, locale] = [await getTranslations("transfers.one"), await getLocale()];
  const { bankCents, listedCents, lines, openLines } = transfer;
  if (bankCents === null) return <Alert tone="warn">{t("unknown")}</Alert>;
  if (lines === 0) return <Alert tone="warn">{t("noLines")}</Alert>;
  if (bankCents === listedCents)
    return (
      <Alert tone="good">
        {t("balanced")} {openLines === 0 && t("allDone")}
      </Alert>
    );
  return (
    <Alert tone="bad">
      {t("difference", {
        listed: formatCents(listedCents, locale),
        bank: formatCents(bankCents, locale),
        difference: formatCents(Math.abs(bankCents - listedCents), locale),
      })}
    </Alert>
  );
}
