import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ChangeRow, Value } from "#lib/people/change-sets/queries";
import { contactKinds } from "#lib/people/contacts/schema";
import { Badge } from "#ui/badge";
import { Table } from "#ui/table";
import { useFieldName } from "../../../../_activities/field-names";

const columnOf = (field: string) =>
  field === "addresses" ? "email" : field === "places" ? "organisation" : field;

/** `gone`: there were some, and their detail went with the people or at its term. */
export function ChangesTable({ rows, gone }: { rows: ChangeRow[]; gone: boolean }) {
  const t = useTranslations("sources.changes");
  return (
    <Table
      caption={t("title")}
      rows={rows}
      rowKey={(row) => row.id}
      empty={<p className="px-5 pb-5 text-soft">{t(gone ? "purged" : "none")}</p>}
      columns={[
        {
          key: "person",
          label: t("person"),
          heading: true,
          cell: (row) => (
            <Link href={`/contacts/${row.contactId}`} className="text-brand-text hover:underline">
              {row.name}
            </Link>
          ),
        },
        { key: "what", label: t("what"), cell: (row) => <What row={row} /> },
      ]}
    />
  );
}

function What({ row }: { row: ChangeRow }) {
  const [t, a, c] = [
    useTranslations("sources.changes"),
    useTranslations("activities"),
    useTranslations("contacts"),
  ];
  const nameOf = useFieldName();
  const shown = (field: string, value: Value) => {
    const kind = field === "kind" && contactKinds.find((known) => known === value);
    if (kind) return c(`kinds.${kind}`);
    return value === null || value === "" ? a("emptyValue") : String(value);
  };
  const kept = row.kept.map((field) => nameOf(columnOf(field))).join(", ");
  return (
    <div className="flex flex-col gap-1 text-start">
      {row.isNew && <span>{t("new")}</span>}
      <ul>
        {row.values.map(([field, before, after]) => (
          <li key={field} className="break-words">
            {a("change", {
              field: nameOf(columnOf(field)),
              before: shown(field, before),
              after: shown(field, after),
            })}
          </li>
        ))}
      </ul>
      {kept && <Badge tone="warn">{t("kept", { fields: kept })}</Badge>}
      {row.isNew && row.outcome === "stale" && <Badge tone="warn">{t("keptPerson")}</Badge>}
      {row.outcome === "put_away" && <Badge>{t("putAway")}</Badge>}
    </div>
  );
}
