import { Undo2 } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { formatCents, formatDate } from "#lib/machine/format";
import { wallClock } from "#lib/machine/paris";
import type { DirectPayment } from "#lib/tax/pledges/queries";
import { Alert } from "#ui/alert";
import { Badge } from "#ui/badge";
import { Card } from "#ui/card";
import { Dialog } from "#ui/dialog";
import { Form, FormActions, SubmitButton } from "#ui/form";
import { Select } from "#ui/select";
import { TextField } from "#ui/text-field";
import { recordDirectPayment, returnPayment } from "./actions";

type Props = { organisationId: number; year: number; payments: DirectPayment[]; edits: boolean };

/** What was paid to us instead of SOLTéA, the law, and whether it went back. Nothing here makes a receipt. */
export function DirectPayments({ organisationId, year, payments, edits }: Props) {
  const t = useTranslations("pledges.company");
  const locale = useLocale();
  return (
    <Card title={t("direct")} actions={edits && <Add organisationId={organisationId} year={year} />}>
      {payments.length === 0 ? (
        <p className="text-soft">{t("noDirect")}</p>
      ) : (
        <>
          <ul className="flex flex-col divide-y divide-line">
            {payments.map((payment) => (
              <li key={payment.id} className="flex flex-wrap items-center justify-between gap-3 py-2">
                <span>
                  <span className="nums font-medium">{formatCents(BigInt(payment.cents), locale)}</span>{" "}
                  <span className="text-soft">
                    {[
                      t(`meansOf.${payment.means}`),
                      formatDate(new Date(payment.cameOn), locale),
                      payment.campaignYear,
                    ].join(" · ")}
                  </span>
                </span>
                {payment.returnedOn ? (
                  <Badge tone="good">
                    {t("returnedOn", { date: formatDate(new Date(payment.returnedOn), locale) })}
                  </Badge>
                ) : (
                  <span className="flex items-center gap-2">
                    <Badge tone="warn">{t("toReturn")}</Badge>
                    {edits && <GiveBack id={payment.id} />}
                  </span>
                )}
              </li>
            ))}
          </ul>
          <Alert tone="neutral" className="mt-3">
            {t("law")}
          </Alert>
        </>
      )}
    </Card>
  );
}

function GiveBack({ id }: { id: number }) {
  const t = useTranslations("pledges.company");
  return (
    <Dialog
      trigger={{ label: t("giveBack"), icon: <Undo2 aria-hidden />, size: "sm", iconOnly: true }}
      title={t("giveBack")}
    >
      <Form action={returnPayment} namespace="pledges" done={t("givenBack")}>
        <input type="hidden" name="id" value={id} />
        <TextField
          name="returnedOn"
          type="date"
          label={t("returnDay")}
          defaultValue={wallClock(new Date()).slice(0, 10)}
          required
        />
        <FormActions>
          <SubmitButton>{t("giveBack")}</SubmitButton>
        </FormActions>
      </Form>
    </Dialog>
  );
}

function Add({ organisationId, year }: { organisationId: number; year: number }) {
  const t = useTranslations("pledges.company");
  return (
    <Dialog trigger={{ label: t("addDirect"), size: "sm" }} title={t("addDirect")} description={t("law")}>
      <Form action={recordDirectPayment} namespace="pledges" done={t("directSaved")} resets>
        <input type="hidden" name="organisationId" value={organisationId} />
        <input type="hidden" name="campaignYear" value={year} />
        <TextField name="amount" label={t("amount")} inputMode="decimal" autoComplete="off" required />
        <Select
          name="means"
          label={t("means")}
          defaultValue="cheque"
          options={(["cheque", "transfer", "other"] as const).map((value) => ({
            value,
            label: t(`meansOf.${value}`),
          }))}
        />
        <TextField name="cameOn" type="date" label={t("cameOn")} required />
        <FormActions>
          <SubmitButton>{t("addDirect")}</SubmitButton>
        </FormActions>
      </Form>
    </Dialog>
  );
}
