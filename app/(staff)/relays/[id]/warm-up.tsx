import { Sprout } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import { warmUpAllowance } from "#lib/letters/ledger/limits";
import type { RelayLive } from "#lib/letters/relays/live";
import { Card } from "#ui/card";
import { ConfirmDialog } from "#ui/confirm-dialog";
import { Form, FormActions, SubmitButton } from "#ui/form";
import { Table } from "#ui/table";
import { TextField } from "#ui/text-field";
import { endWarmUp, warmUp } from "./actions";

const DAY = 24 * 3_600_000;
/** A long plan is shown at these steps only. */
const SHOWN = 6;

type Props = { live: RelayLive; mayEdit: boolean };

/** A new account begins gently: the plan, today's allowance, and how to start or stop it. */
export function WarmUpCard({ live, mayEdit }: Props) {
  const t = useTranslations("limits.warmUp");
  const warming = live.warmUpToday !== null;
  if (!warming && !mayEdit) return null;
  return (
    <Card
      title={t("title")}
      description={!warming && t("text")}
      actions={warming && mayEdit && <Stop id={live.id} />}
    >
      {warming ? <Plan live={live} /> : <Start id={live.id} />}
    </Card>
  );
}

function Start({ id }: { id: number }) {
  const t = useTranslations("limits.warmUp");
  const field = { type: "number", min: 1, inputMode: "numeric", required: true } as const;
  return (
    <Form action={warmUp} namespace="limits" done={t("started")} aria-label={t("title")}>
      <input type="hidden" name="id" value={id} />
      <div className="grid grid-cols-2 items-end gap-5">
        <TextField {...field} name="from" label={t("from")} defaultValue={50} />
        <TextField {...field} name="days" label={t("days")} max={365} defaultValue={14} />
      </div>
      <FormActions>
        <SubmitButton variant="secondary" icon={<Sprout aria-hidden />}>
          {t("start")}
        </SubmitButton>
      </FormActions>
    </Form>
  );
}

function Plan({ live }: { live: RelayLive }) {
  const t = useTranslations("limits.warmUp");
  const format = useFormatter();
  const { warmUpDays: days, warmUpSince: since, warmUpToday } = live;
  if (!days || !since || warmUpToday === null) return null;
  const today = Math.floor((live.now.getTime() - since.getTime()) / DAY);
  const rows = steps(days, today).map((day) => ({
    day,
    allowed: warmUpAllowance(live, new Date(since.getTime() + (day + 0.5) * DAY)),
  }));
  return (
    <div className="flex flex-col gap-3">
      <p className="font-medium">{t("today", { count: warmUpToday, day: today + 1, days })}</p>
      <Table
        caption={t("plan")}
        rows={[...rows, { day: days, allowed: live.perDay }]}
        rowKey={({ day }) => day}
        className="-mx-5 -mb-5"
        columns={[
          {
            key: "day",
            label: t("day"),
            heading: true,
            cell: ({ day }) => (
              <>
                {day === days ? t("then") : t("dayN", { n: day + 1 })}
                {day === today && <span className="ms-2 text-sm text-faint">{t("thisDay")}</span>}
              </>
            ),
          },
          {
            key: "allowed",
            label: t("allowed"),
            numeric: true,
            cell: ({ allowed }) => (allowed === null ? t("noLimit") : format.number(allowed)),
          },
        ]}
      />
    </div>
  );
}

/** The days to show: evenly over the plan, and today. */
function steps(days: number, today: number): number[] {
  const even = Array.from({ length: Math.min(days, SHOWN) }, (_, i) =>
    days <= SHOWN ? i : Math.round((i * (days - 1)) / (SHOWN - 1)),
  );
  return [...new Set([...even, today])].toSorted((a, b) => a - b);
}

function Stop({ id }: { id: number }) {
  const t = useTranslations("limits.warmUp");
  return (
    <ConfirmDialog
      trigger={{ label: t("stop"), size: "sm" }}
      title={t("stopTitle")}
      consequence={t("stopText")}
      confirmLabel={t("stop")}
      action={endWarmUp}
      fields={{ id }}
      namespace="limits"
      done={t("stopped")}
    />
  );
}
