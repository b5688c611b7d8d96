import Link from "next/link";
import { useLocale, useTranslations } from "next-intl";
import { formatDateTime } from "#lib/machine/format";
import type { FileRow } from "#lib/tax/transfers/queries";
import { Badge } from "#ui/badge";
import { ConfirmDialog } from "#ui/confirm-dialog";
import { Table } from "#ui/table";
import { undoImport } from "./actions";

/** What was imported, what waits for its columns, and what was taken back. */
export function FilesTable({ rows, edits }: { rows: FileRow[]; edits: boolean }) {
  const t = useTranslations("transfers.files");
  const k = useTranslations("transfers.import");
  const locale = useLocale();
  const stateOf = (row: FileRow) => (row.undoneAt ? "undone" : row.storedAt ? "stored" : "waiting");
  return (
    <Table
      caption={t("title")}
      rows={rows}
      rowKey={(row) => row.id}
      empty={<p className="px-5 pb-5 text-soft">{t("none")}</p>}
      columns={[
        {
          key: "name",
          label: t("file"),
          heading: true,
          cell: (row) => (
            <Link
              href={`/transfers/files/${row.id}`}
              className="block min-w-28 rounded text-brand-text [overflow-wrap:anywhere] hover:underline"
            >
              {row.name || k(row.kind)}
            </Link>
          ),
        },
        { key: "kind", label: t("kind"), cell: (row) => k(row.kind) },
        {
          key: "state",
          label: t("state"),
          cell: (row) => <Badge tone={row.storedAt ? "neutral" : "warn"}>{t(stateOf(row))}</Badge>,
        },
        {
          key: "result",
          label: t("result"),
          cell: (row) =>
            row.storedAt && t("counts", { added: row.added, known: row.known, faulty: row.faulty }),
        },
        {
          key: "by",
          label: t("by"),
          cell: (row) => `${row.by ?? "—"}, ${formatDateTime(row.storedAt ?? row.createdAt, locale)}`,
        },
        {
          key: "undo",
          label: t("undo"),
          labelHidden: true,
          cell: (row) =>
            edits && row.storedAt && !row.undoneAt ? (
              <ConfirmDialog
                trigger={{ label: t("undo"), variant: "ghost", size: "sm" }}
                title={t("undoTitle", { name: row.name })}
                consequence={t(row.kind === "list" ? "undoText" : "undoStatement")}
                confirmLabel={t("undo")}
                action={undoImport}
                fields={{ id: row.id }}
                namespace="transfers"
                done={t("undoneSaid")}
                tone="danger"
              />
            ) : null,
        },
      ]}
    />
  );
}
