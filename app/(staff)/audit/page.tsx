import { History } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { type AuditRow, listAudit } from "#lib/audit/queries";
import { formatDateTime } from "#lib/format";
import { gate } from "#lib/session";
import { Card } from "#ui/card";
import { EmptyState } from "#ui/empty-state";
import { PageHeader } from "#ui/page-header";
import { Pager } from "#ui/pager";
import { Table } from "#ui/table";

type Loose = { (key: string): string; has(key: string): boolean };

export default async function AuditPage({ searchParams }: { searchParams: Promise<{ before?: string }> }) {
  const search = await searchParams;
  const user = await gate("audit.read", "/audit");
  const before = Number(search.before) || undefined;
  const [t, { rows, next }] = [await getTranslations("audit"), await listAudit({ before })];
  // Other nouns add their own acts; one without a sentence yet is shown by its name.
  const loose = t as unknown as Loose;
  const say = (key: string, name: string) => (loose.has(key) ? loose(key) : name);
  const subject = (row: AuditRow) => {
    const noun = say(`subjects.${row.subject}`, row.subject);
    return row.subjectId === null ? noun : t("subjectId", { subject: noun, id: String(row.subjectId) });
  };
  return (
    <>
      <PageHeader title={t("title")} lead={t("lead")} />
      <Card flush>
        <Table
          caption={t("title")}
          rows={rows}
          rowKey={(row) => row.id}
          empty={<EmptyState icon={<History />} title={t("empty")} />}
          columns={[
            {
              key: "action",
              label: t("action"),
              heading: true,
              cell: (row) => say(`actions.${row.action}`, row.action),
            },
            { key: "subject", label: t("subject"), cell: subject },
            { key: "user", label: t("user"), cell: (row) => row.user ?? t("system") },
            { key: "at", label: t("at"), cell: (row) => formatDateTime(row.at, user.locale) },
            { key: "detail", label: t("detail"), wideOnly: true, cell: (row) => detail(row) },
          ]}
        />
        <Pager previousHref={before ? "/audit" : null} nextHref={next ? `/audit?before=${next}` : null} />
      </Card>
    </>
  );
}

/** Small facts as they were noted: « role: teacher ». */
const detail = (row: AuditRow) =>
  Object.entries(row.data)
    .map(([key, value]) => `${key}: ${String(value)}`)
    .join(", ");
