import { useLocale, useTranslations } from "next-intl";
import { formatCents } from "#lib/machine/format";
import { formatSiret } from "#lib/people/organisations/rules";
import type { OpenLine } from "#lib/tax/transfers/candidates";
import { Card } from "#ui/card";
import { Combobox } from "#ui/combobox";
import { ConfirmDialog } from "#ui/confirm-dialog";
import { Table } from "#ui/table";
import { TextField } from "#ui/text-field";
import { assignDonor, createDonor } from "../actions";

/** Lines of nobody we know: each becomes a new company, or is said to be of one under another SIRET. */
export function Queue({ lines, edits }: { lines: OpenLine[]; edits: boolean }) {
  const t = useTranslations("transfers.one");
  const f = useTranslations("transfers.fields");
  const locale = useLocale();
  const rows = lines.filter(({ proposal }) => proposal === null);
  if (rows.length === 0) return null;
  return (
    <Card title={t("queue")} description={t("queueHint")} flush>
      <Table
        caption={t("queue")}
        rows={rows}
        rowKey={(row) => row.id}
        columns={[
          { key: "name", label: t("line"), heading: true, cell: (row) => row.name || formatSiret(row.siret) },
          { key: "siret", label: f("siret"), cell: (row) => formatSiret(row.siret) },
          { key: "place", label: f("place"), cell: (row) => row.place },
          { key: "cents", label: f("amount"), numeric: true, cell: (row) => formatCents(row.cents, locale) },
          {
            key: "act",
            label: t("create"),
            labelHidden: true,
            cell: (row) => edits && <Choices row={row} />,
          },
        ]}
      />
    </Card>
  );
}

function Choices({ row }: { row: OpenLine }) {
  const t = useTranslations("transfers.one");
  const locale = useLocale();
  const siret = formatSiret(row.siret);
  return (
    <span className="flex flex-wrap gap-2">
      <ConfirmDialog
        trigger={{ label: t("create"), size: "sm" }}
        title={t("createTitle", { siret })}
        consequence={t("createText", { amount: formatCents(row.cents, locale) })}
        confirmLabel={t("create")}
        action={createDonor}
        fields={{ id: row.id }}
        namespace="transfers"
        done={t("created")}
      >
        <TextField name="name" label={t("companyName")} defaultValue={row.name} required autoComplete="off" />
      </ConfirmDialog>
      <ConfirmDialog
        trigger={{ label: t("assign"), size: "sm", variant: "ghost" }}
        title={t("assignTitle", { siret })}
        consequence={t("assignText")}
        confirmLabel={t("assignSave")}
        action={assignDonor}
        fields={{ id: row.id }}
        namespace="transfers"
        done={t("assigned")}
      >
        <Combobox name="organisationId" label={t("company")} searchHref="/organisations/options" required />
      </ConfirmDialog>
    </span>
  );
}
