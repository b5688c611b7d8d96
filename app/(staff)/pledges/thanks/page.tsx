import { Download } from "lucide-react";
import { getLocale, getTranslations } from "next-intl/server";
import { may } from "#lib/department/permissions";
import { getSettings } from "#lib/department/settings/queries";
import { gate } from "#lib/gates/session";
import { formatCents } from "#lib/machine/format";
import { listGifts, mergeNote, noteStarter } from "#lib/tax/pledges/thanks";
import { findTaxYear } from "#lib/tax/years/queries";
import { Card } from "#ui/card";
import { ConfirmDialog } from "#ui/confirm-dialog";
import { LinkButton } from "#ui/link-button";
import { PageHeader } from "#ui/page-header";
import { PrintButton } from "#ui/print-button";
import { thank } from "../actions";
import { addressOf, campaignOf } from "../campaign";
import { Note } from "./note";
import { NoteText } from "./text";

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

/** The notes of thanks of a campaign, merged with each gift: to be printed, or sent from one's own mail. */
export default async function ThanksPage({ searchParams }: Props) {
  const user = await gate("tax.read", "/pledges/thanks");
  const asked = await searchParams;
  const { year } = await campaignOf(asked);
  const [t, p, locale, settings, told, gifts] = await Promise.all([
    getTranslations("pledges.thanks"),
    getTranslations("pledges"),
    getLocale(),
    getSettings(),
    findTaxYear(year),
    listGifts(year),
  ]);
  const waiting = gifts.filter(({ thanked }) => !thanked);
  const shown = "all" in asked ? gifts : waiting;
  const text = told?.thanks || noteStarter;
  const uses = (told?.uses ?? "")
    .split("\n")
    .filter(Boolean)
    .map((use) => `– ${use}`);
  const notes = shown.map((gift) => ({
    gift,
    text: mergeNote(text, {
      "organisation.name": gift.company,
      "contact.name": gift.person || t("somebody"),
      "gift.amount": formatCents(BigInt(gift.receivedCents), locale),
      "gift.year": String(year),
      "department.name": settings.name,
      "department.uses": uses.join("\n"),
    }),
  }));
  const [edits, writes] = [may(user.role, "tax.edit"), may(user.role, "letters.send")];
  return (
    <>
      <PageHeader
        title={t("title", { year: String(year) })}
        lead={t("lead", { waiting: waiting.length, thanked: gifts.length - waiting.length })}
        breadcrumbs={[{ label: p("titleOf", { year: String(year) }), href: addressOf("report", year) }]}
        actions={
          <>
            {may(user.role, "tax.export") && gifts.length > 0 && (
              <LinkButton
                href={`/pledges/thanks/export?year=${year}`}
                icon={<Download aria-hidden />}
                download
                prefetch={false}
              >
                {t("export")}
              </LinkButton>
            )}
            {notes.length > 0 && <PrintButton label={t("print")} />}
            {edits && waiting.length > 0 && (
              <ConfirmDialog
                trigger={{ label: t("mark"), variant: "primary" }}
                title={t("markTitle", { count: waiting.length })}
                consequence={t("markText")}
                confirmLabel={t("mark")}
                action={thank}
                fields={{ campaignYear: year }}
                namespace="pledges"
                done={t("marked")}
              >
                {waiting.map(({ pledgeId }) => (
                  <input key={pledgeId} type="hidden" name="pledgeIds[]" value={pledgeId} />
                ))}
              </ConfirmDialog>
            )}
          </>
        }
      />
      {edits && (
        <Card title={t("note")} description={t("noteHint")} className="no-print mb-6">
          <NoteText year={year} text={text} version={told?.updatedAt.toISOString() ?? ""} />
        </Card>
      )}
      <p className="no-print mb-4">
        <LinkButton size="sm" href={addressOf("thanks", year, "all" in asked ? {} : { all: "1" })}>
          {t("all" in asked ? "onlyWaiting" : "everybody")}
        </LinkButton>
      </p>
      {notes.length === 0 && <p className="text-soft">{t("nobody")}</p>}
      <div className="flex max-w-3xl flex-col gap-6 print:block">
        {notes.map(({ gift, text: note }) => (
          <Note key={gift.pledgeId} gift={gift} text={note} from={settings} year={year} writes={writes} />
        ))}
      </div>
    </>
  );
}
