import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { formatDate } from "#lib/machine/format";
import type { Interest as Told } from "#lib/people/contacts/signs";
import { Badge } from "#ui/badge";
import { Card } from "#ui/card";
import type { Tone } from "#ui/tone";

const tones: Record<Told["level"], Tone> = {
  loyal: "good",
  attentive: "brand",
  discreet: "neutral",
  new: "info",
  silent: "warn",
};

/** How close somebody is, by the written rule, with the event that decides it. */
type Props = { interest: Told; readsMail: boolean /** What one may add to it. */; children?: ReactNode };

export function Interest({ interest, readsMail, children }: Props) {
  const t = useTranslations("contacts.interest");
  const locale = useLocale();
  const { level, sign, at, name, mailId } = interest;
  const date = at ? formatDate(at, locale) : "";
  const why = sign
    ? t(`signs.${sign}`, { name: name ?? "none", date })
    : t(`without.${level === "new" ? "new" : "silent"}`);
  return (
    <Card
      title={t("title")}
      actions={
        <Badge tone={tones[level]} dot>
          {t(`levels.${level}`)}
        </Badge>
      }
    >
      <p>
        {readsMail && mailId !== null ? (
          <Link href={`/received/${mailId}`} className="rounded text-brand-text underline underline-offset-3">
            {why}
          </Link>
        ) : (
          why
        )}
      </p>
      <p className="mt-1 text-sm text-faint">{t(`rules.${level}`)}</p>
      {children && <div className="mt-3">{children}</div>}
    </Card>
  );
}
