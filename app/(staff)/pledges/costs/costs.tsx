import { Plus } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { formatCents, formatDate } from "#lib/machine/format";
import type { Cost } from "#lib/tax/costs/queries";
import type { Source } from "#lib/tax/reports/sources";
import { Card } from "#ui/card";
import { ConfirmDialog } from "#ui/confirm-dialog";
import { Dialog } from "#ui/dialog";
import { Form, FormActions, SubmitButton } from "#ui/form";
import { Select } from "#ui/select";
import { Table } from "#ui/table";
import { TextField } from "#ui/text-field";
import { recordCost, removeCost } from "../actions";
import { sayHours } from "./amounts";

type Props = { costs: Cost[]; letters: Source[]; year: number; edits: boolean };

/** What was spent: hours and money, on a letter or on the campaign as a whole. */
export function Costs({ costs, letters, year, edits }: Props) {
  const t = useTranslations("pledges.costs");
  const locale = useLocale();
  return (
    <Card
      title={t("spent")}
      description={t("spentHint")}
      actions={edits && <Add letters={letters} year={year} />}
      flush
    >
      <Table
        caption={t("spent")}
        rows={costs}
        rowKey={(row) => row.id}
        empty={<p className="px-5 pb-5 text-soft">{t("noCosts")}</p>}
        columns={[
          { key: "what", label: t("what"), heading: true, cell: (row) => row.what },
          { key: "letter", label: t("for"), cell: (row) => row.letter ?? t("whole") },
          {
            key: "day",
            label: t("day"),
            cell: (row) => row.spentOn && formatDate(new Date(row.spentOn), locale),
          },
          { key: "by", label: t("by"), cell: (row) => row.by, wideOnly: true },
          {
            key: "hours",
            label: t("hours"),
            numeric: true,
            cell: (row) => (row.minutes === 0 ? null : sayHours(row.minutes, locale)),
          },
          {
            key: "money",
            label: t("money"),
            numeric: true,
            cell: (row) => (row.cents === "0" ? null : formatCents(BigInt(row.cents), locale)),
          },
          ...(edits
            ? [
                {
                  key: "remove",
                  label: t("remove"),
                  labelHidden: true,
                  cell: (row: Cost) => <Remove row={row} />,
                },
              ]
            : []),
        ]}
      />
    </Card>
  );
}

function Remove({ row }: { row: Cost }) {
  const t = useTranslations("pledges.costs");
  return (
    <ConfirmDialog
      trigger={{ label: t("remove"), variant: "ghost", size: "sm" }}
      title={t("removeTitle", { what: row.what })}
      consequence={t("removeText")}
      confirmLabel={t("remove")}
      action={removeCost}
      fields={{ id: row.id }}
      namespace="pledges"
      done={t("removed")}
      tone="danger"
    />
  );
}

function Add({ letters, year }: { letters: Source[]; year: number }) {
  const t = useTranslations("pledges.costs");
  const known = letters.filter(({ campaignId }) => campaignId !== null);
  return (
    <Dialog trigger={{ label: t("add"), icon: <Plus aria-hidden />, size: "sm" }} title={t("add")}>
      <Form action={recordCost} namespace="pledges" done={t("added")}>
        <input type="hidden" name="campaignYear" value={year} />
        <TextField name="what" label={t("what")} hint={t("whatHint")} required autoComplete="off" />
        <div className="grid gap-5 sm:grid-cols-2">
          <TextField name="hours" label={t("hours")} hint={t("hoursHint")} autoComplete="off" />
          <TextField name="amount" label={t("moneyField")} inputMode="decimal" autoComplete="off" />
        </div>
        <Select
          name="campaignId"
          label={t("for")}
          placeholder={t("whole")}
          options={known.map(({ campaignId, name }) => ({ value: String(campaignId), label: name ?? "" }))}
        />
        <TextField name="spentOn" type="date" label={t("day")} />
        <FormActions>
          <SubmitButton>{t("add")}</SubmitButton>
        </FormActions>
      </Form>
    </Dialog>
  );
}
