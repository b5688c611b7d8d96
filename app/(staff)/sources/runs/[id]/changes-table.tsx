import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ChangeRow, Value } from "#lib/people/change-sets/queries";
import { contactKinds } from "#lib/people/contacts/schema";
import { ActionButton } from "#ui/action-button";
import { Badge } from "#ui/badge";
import { Table } from "#ui/table";
import { useFieldName } from "../../../../_activities/field-names";
import { decide } from "../../actions";
import { columnOf } from "./field-column";

type Props = {
  rows: ChangeRow[];
  /** There were some, and their detail went with the people or at its term. */
  gone: boolean;
  /** A proposal's, and the run in which it can be decided. */
  proposal?: boolean;
  deciding?: number;
};

export function ChangesTable({ rows, gone, proposal, deciding }: Props) {
  const t = useTranslations("sources.changes");
  return (
    <Table
      caption={t("title")}
      rows={rows}
      rowKey={(row) => row.id}
      empty={<p className="px-5 pb-5 text-soft">{t(gone ? "purged" : "none")}</p>}
      columns={[
        { key: "person", label: t("person"), heading: true, cell: (row) => <Person row={row} /> },
        {
          key: "what",
          label: t("what"),
          cell: (row) => <What row={row} proposal={proposal} deciding={deciding} />,
        },
      ]}
    />
  );
}

function Person({ row }: { row: ChangeRow }) {
  const t = useTranslations("sources.changes");
  return (
    <span className="flex flex-wrap items-center gap-2">
      {row.contactId === null ? (
        row.name
      ) : (
        <Link href={`/contacts/${row.contactId}`} className="text-brand-text hover:underline">
          {row.name}
        </Link>
      )}
      {row.opposed && <Badge tone="warn">{t("opposed")}</Badge>}
      {row.unsubscribed && <Badge>{t("unsubscribed")}</Badge>}
    </span>
  );
}

type Shown = { row: ChangeRow; proposal?: boolean; deciding?: number };

function What({ row, proposal, deciding }: Shown) {
  const [t, a] = [useTranslations("sources.changes"), useTranslations("activities")];
  const nameOf = useFieldName();
  const shown = useValue();
  const kept = row.kept.map((field) => nameOf(columnOf(field))).join(", ");
  const one = row.sort === "created" || row.sort === "archived";
  return (
    <div className="flex flex-col gap-1 text-start">
      {one && (
        <Line
          row={row}
          field={row.sort === "created" ? "person" : "archivedAt"}
          proposal={proposal}
          deciding={deciding}
        >
          {t(row.sort === "created" ? "new" : "absent")}
        </Line>
      )}
      <ul className="flex flex-col gap-1">
        {row.values
          .filter(([field]) => field !== "archivedAt")
          .map(([field, before, after]) => (
            <li key={field} className="break-words">
              {row.sort === "created" ? (
                <span className="text-soft">
                  {t("value", { field: nameOf(columnOf(field)), value: shown(field, after) })}
                </span>
              ) : (
                <Line row={row} field={field} proposal={proposal} deciding={deciding}>
                  {a("change", {
                    field: nameOf(columnOf(field)),
                    before: shown(field, before),
                    after: shown(field, after),
                  })}
                </Line>
              )}
            </li>
          ))}
      </ul>
      {kept && <Badge tone="warn">{t("kept", { fields: kept })}</Badge>}
      {row.sort === "created" && row.outcome === "stale" && <Badge tone="warn">{t("keptPerson")}</Badge>}
      {row.outcome === "put_away" && <Badge>{t("putAway")}</Badge>}
    </div>
  );
}

/** One thing to decide, how it stands, and what else may be decided of it. */
function Line({
  row,
  field,
  proposal,
  deciding,
  children,
}: Shown & { field: string; children: React.ReactNode }) {
  const t = useTranslations("sources.review");
  if (!proposal) return <span>{children}</span>;
  const stands = row.accepted.includes(field) ? "accepted" : row.refused.includes(field) ? "refused" : "open";
  const fields = { id: deciding ?? 0, changeId: row.id, ...(field === "person" ? {} : { field }) };
  return (
    <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <span className={stands === "refused" ? "text-faint line-through" : undefined}>{children}</span>
      <Badge tone={stands === "accepted" ? "good" : stands === "open" ? "warn" : "neutral"}>
        {t(`stands.${stands}`)}
      </Badge>
      {deciding !== undefined &&
        [true, false]
          .filter((accepted) => stands !== (accepted ? "accepted" : "refused"))
          .map((accepted) => (
            <ActionButton
              key={String(accepted)}
              action={decide}
              fields={{ ...fields, accepted: String(accepted) }}
              namespace="sources"
              size="sm"
              variant="ghost"
              aria-label={t(accepted ? "acceptWhom" : "refuseWhom", { who: row.name })}
            >
              {t(accepted ? "accept" : "refuse")}
            </ActionButton>
          ))}
    </span>
  );
}

function useValue() {
  const [a, c] = [useTranslations("activities"), useTranslations("contacts")];
  return (field: string, value: Value) => {
    const kind = field === "kind" && contactKinds.find((known) => known === value);
    if (kind) return c(`kinds.${kind}`);
    return value === null || value === "" ? a("emptyValue") : String(value);
  };
}
