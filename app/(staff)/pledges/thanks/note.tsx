import { Mail, PenLine } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { formatDate } from "#lib/machine/format";
import type { Gift } from "#lib/tax/pledges/thanks";
import { ActionButton } from "#ui/action-button";
import { Badge } from "#ui/badge";
import { RowLink } from "#ui/table";
import { write } from "../../letters/actions";

type Props = { gift: Gift; text: string; from: { name: string }; year: number; writes: boolean };

/** One note: a sheet of paper each, with the address at its head. */
export function Note({ gift, text, from, year, writes }: Props) {
  const t = useTranslations("pledges.thanks");
  const locale = useLocale();
  const subject = t("subject", { year: String(year) });
  const lines = [gift.company, gift.person, gift.street, `${gift.postcode} ${gift.city}`.trim()];
  return (
    <article
      aria-label={gift.company}
      className="rounded-card border border-line bg-surface p-6 shadow-card print:break-after-page print:border-0 print:p-0 print:shadow-none"
    >
      <p className="no-print mb-4 flex flex-wrap items-center justify-between gap-3 border-b border-line pb-3">
        <RowLink href={`/pledges/${gift.pledgeId}`}>{gift.company}</RowLink>
        <span className="flex flex-wrap items-center gap-3">
          {gift.thanked && (
            <Badge tone="good">{t("thanked", { date: formatDate(gift.since, locale) })}</Badge>
          )}
          {writes && gift.contactId !== null && gift.email && (
            <ActionButton
              action={write}
              fields={{ contacts: gift.contactId, subject, text: `${text}\n\n${t("notAReceipt")}` }}
              namespace="letters"
              done={t("opened")}
              size="sm"
              icon={<PenLine aria-hidden />}
            >
              {t("write")}
            </ActionButton>
          )}
          {gift.contactId === null && gift.email && (
            <a
              href={`mailto:${gift.email}?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(text)}`}
              className="inline-flex min-h-9 items-center gap-2 text-brand-text hover:underline [&_svg]:size-4"
            >
              <Mail aria-hidden /> {t("mail")}
            </a>
          )}
        </span>
      </p>
      <address className="mb-6 text-right not-italic">
        {lines.filter(Boolean).map((line) => (
          <span key={line} className="block">
            {line}
          </span>
        ))}
      </address>
      <p className="mb-6 text-right">{formatDate(new Date(), locale)}</p>
      <p className="whitespace-pre-line leading-relaxed [overflow-wrap:anywhere]">{text}</p>
      <p className="mt-8">{from.name}</p>
      <p className="mt-6 text-sm text-soft">{t("notAReceipt")}</p>
    </article>
  );
}
