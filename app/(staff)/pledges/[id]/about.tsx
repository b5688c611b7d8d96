import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { formatCents, formatDate, formatNumber } from "#lib/machine/format";
import { formatSiret } from "#lib/people/organisations/rules";
import type { PledgeDetail } from "#lib/tax/pledges/queries";
import { expectedOf } from "#lib/tax/pledges/rules";
import type { findPromise } from "#lib/tax/promises/queries";
import type { Rates } from "#lib/tax/rules/rates";
import { Card } from "#ui/card";
import { sayExpected } from "../money";

type OnlinePromise = NonNullable<Awaited<ReturnType<typeof findPromise>>>;

type Props = { pledge: PledgeDetail; promise: OnlinePromise | null; rates: Rates };

/** What was promised, by whom, and what it is worth: as it was told, and beside it what today's base makes of it. */
export function About({ pledge, promise, rates }: Props) {
  const t = useTranslations("pledges");
  const locale = useLocale();
  const number = pledge.covers === "siren" ? pledge.siren : pledge.siret;
  const rows: [string, ReactNode][] = [
    [
      t("page.covers"),
      [t(`covers.${pledge.covers}`), number && formatSiret(number)].filter(Boolean).join(" · "),
    ],
    [t("columns.target"), pledge.target],
    [t("columns.share"), pledge.share !== null && `${formatNumber(pledge.share / 100, locale)}\u202f%`],
    [t("page.expected"), <Expected key="expected" pledge={pledge} rates={rates} />],
    [
      t("columns.received"),
      pledge.receivedCents !== "0" && formatCents(BigInt(pledge.receivedCents), locale),
    ],
    [t("move.allocatedOn"), pledge.allocatedOn && formatDate(new Date(pledge.allocatedOn), locale)],
    [t("move.why"), pledge.why],
    [t("page.from"), pledge.channel && t(`channels.${pledge.channel as "call"}`)],
    [
      t("page.person"),
      pledge.contactId && (
        <Link href={`/contacts/${pledge.contactId}`} className="text-brand-text hover:underline">
          {pledge.contactName}
        </Link>
      ),
    ],
    [
      t("page.openedBy"),
      pledge.openedById && (
        <Link href={`/contacts/${pledge.openedById}`} className="text-brand-text hover:underline">
          {pledge.openedBy}
        </Link>
      ),
    ],
    [
      t("page.correction"),
      pledge.correctionCents !== "0" && formatCents(BigInt(pledge.correctionCents), locale),
    ],
    [
      t("page.online"),
      promise && (
        <a href={`mailto:${promise.address}`} className="text-brand-text hover:underline">
          {t("page.confirmedFrom", {
            address: promise.address,
            date: formatDate(promise.confirmedAt, locale),
          })}
        </a>
      ),
    ],
    [
      t("page.letter"),
      pledge.sourceCampaignId && (
        <Link href={`/campaigns/${pledge.sourceCampaignId}`} className="text-brand-text hover:underline">
          {pledge.sourceCampaign}
        </Link>
      ),
    ],
  ];
  return (
    <Card title={t("page.about")}>
      <dl className="grid gap-x-6 gap-y-2 sm:grid-cols-[13rem_minmax(0,1fr)] [&_dt]:text-soft">
        {rows
          .filter(([, value]) => value)
          .map(([label, value]) => (
            <div key={label} className="contents">
              <dt>{label}</dt>
              <dd className="nums [overflow-wrap:anywhere]">{value}</dd>
            </div>
          ))}
      </dl>
    </Card>
  );
}

function Expected({ pledge, rates }: Pick<Props, "pledge" | "rates">) {
  const t = useTranslations("pledges");
  const board = useTranslations("pledges.board");
  const locale = useLocale();
  const told = sayExpected(pledge, board, locale);
  const { share, baseLow, baseHigh, campaignYear } = pledge;
  const now =
    share !== null && baseLow !== null && baseHigh !== null
      ? expectedOf(share, { low: BigInt(baseLow), high: BigInt(baseHigh) }, campaignYear, rates)
      : null;
  const today = now && sayExpected({ lowCents: String(now.low), highCents: String(now.high) }, board, locale);
  if (!told && !today) return t("page.unknown");
  return (
    <>
      {told || t("page.unknown")}
      {today && today !== told && <span className="block text-soft">{t("page.now", { amount: today })}</span>}
    </>
  );
}
