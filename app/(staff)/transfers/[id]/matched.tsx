import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import { formatCents, formatDateTime } from "#lib/machine/format";
import { formatSiret } from "#lib/people/organisations/rules";
import type { MatchedLine } from "#lib/tax/transfers/queries";
import { ActionButton } from "#ui/action-button";
import { Badge } from "#ui/badge";
import { Card } from "#ui/card";
import { Table } from "#ui/table";
import { undoMatch } from "../actions";

/** What was decided, by whom, and the way back. */
export function Matched({ lines, edits }: { lines: MatchedLine[]; edits: boolean }) {
  const t = useTranslations("transfers");
  const locale = useLocale();
  const amount = (cents: number) => formatCents(cents, locale);
  const name = (row: MatchedLine) => row.name || formatSiret(row.siret);
  if (lines.length === 0) return null;
  return (
    <Card title={t("one.matched")} flush>
      <Table
        caption={t("one.matched")}
        rows={lines}
        rowKey={(row) => row.id}
        columns={[
          { key: "name", label: t("one.line"), heading: true, cell: name },
          { key: "cents", label: t("fields.amount"), numeric: true, cell: (row) => amount(row.cents) },
          {
            key: "parts",
            label: t("one.company"),
            cell: (row) => (
              <ul>
                {row.parts.map(({ pledgeId, organisationId, company, cents }) => (
                  <li key={pledgeId}>
                    <Link
                      href={`/organisations/${organisationId}`}
                      className="rounded text-brand-text hover:underline"
                    >
                      {company}
                    </Link>
                    {row.parts.length > 1 && `, ${amount(cents)}`}
                  </li>
                ))}
              </ul>
            ),
          },
          {
            key: "level",
            label: t("one.why"),
            cell: (row) => (
              <span className="flex flex-wrap items-center gap-2">
                <Badge>{t(`levels.${row.level as "certain"}`)}</Badge>
                <span className="text-sm text-faint">
                  {t("one.by", { name: row.by ?? "—", date: formatDateTime(row.at, locale) })}
                </span>
              </span>
            ),
          },
          {
            key: "undo",
            label: t("one.undo"),
            labelHidden: true,
            cell: (row) =>
              edits && (
                <ActionButton
                  action={undoMatch}
                  fields={{ id: row.id }}
                  namespace="transfers"
                  done={t("one.undone")}
                  size="sm"
                  variant="ghost"
                  aria-label={t("one.undoLabel", { name: name(row) })}
                >
                  {t("one.undo")}
                </ActionButton>
              ),
          },
        ]}
      />
    </Card>
  );
}
