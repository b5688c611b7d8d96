import { Eraser, SlidersHorizontal } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";
import type { RelayLive } from "#lib/letters/relays/live";
import { ActionButton } from "#ui/action-button";
import { Alert } from "#ui/alert";
import { Card } from "#ui/card";
import { Dialog } from "#ui/dialog";
import { Form, FormActions, SubmitButton } from "#ui/form";
import { Table } from "#ui/table";
import { TextField } from "#ui/text-field";
import { useMoment } from "../../_live/words";
import { forget, keepLimits } from "./actions";

type Props = { live: RelayLive; mayEdit: boolean };

/** What each window allows, what used it, and what is left. */
export function LimitsCard({ live, mayEdit }: Props) {
  const t = useTranslations("limits");
  const format = useFormatter();
  const { possibleToday } = live;
  return (
    <Card title={t("title")} description={t("text")} actions={mayEdit && <LimitsDialog live={live} />}>
      <div className="flex flex-col gap-4">
        {possibleToday !== null && (
          <p className="font-medium">
            {t("now", { count: possibleToday, formatted: format.number(possibleToday) })}
          </p>
        )}
        <Windows live={live} />
        <p className="text-sm text-faint">{t("leftNote")}</p>
        <Learned live={live} mayEdit={mayEdit} />
      </div>
    </Card>
  );
}

function Windows({ live: { windows, held } }: { live: RelayLive }) {
  const t = useTranslations("limits");
  const format = useFormatter();
  const number = (value: number | null) => (value === null ? t("none") : format.number(value));
  return (
    <Table
      caption={t("windows")}
      rows={windows}
      rowKey={({ name }) => name}
      className="-mx-5"
      columns={[
        { key: "window", label: t("window"), heading: true, cell: ({ name }) => t(name) },
        { key: "limit", label: t("limit"), numeric: true, cell: ({ limit }) => number(limit) },
        { key: "used", label: t("used"), numeric: true, cell: ({ used }) => format.number(used) },
        { key: "byHand", label: t("byHand"), numeric: true, cell: ({ byHand }) => format.number(byHand) },
        { key: "held", label: t("held"), numeric: true, cell: () => format.number(held) },
        {
          key: "left",
          label: t("left"),
          numeric: true,
          cell: ({ left }) => (left === null ? "—" : format.number(left)),
        },
      ]}
    />
  );
}

function LimitsDialog({ live }: { live: RelayLive }) {
  const t = useTranslations("limits");
  const limits = ["perMinute", "perHour", "perDay"] as const;
  return (
    <Dialog
      trigger={{ label: t("edit"), icon: <SlidersHorizontal aria-hidden />, size: "sm" }}
      title={t("edit")}
      description={t("text")}
    >
      <Form action={keepLimits} namespace="limits" done={t("saved")}>
        <input type="hidden" name="id" value={live.id} />
        <div className="grid gap-5 sm:grid-cols-2">
          {limits.map((name) => (
            <TextField
              key={name}
              name={name}
              type="number"
              min={1}
              inputMode="numeric"
              label={t(name)}
              hint={t("emptyHint")}
              defaultValue={live[name] ?? ""}
            />
          ))}
          <TextField
            name="maxConnections"
            type="number"
            min={1}
            max={50}
            inputMode="numeric"
            label={t("connections")}
            defaultValue={live.maxConnections}
            required
          />
        </div>
        <FormActions>
          <SubmitButton>{t("save")}</SubmitButton>
        </FormActions>
      </Form>
    </Dialog>
  );
}

/** Limits that the server's replies taught, while they hold. */
function Learned({ live, mayEdit }: Props) {
  const t = useTranslations("limits.learned");
  const moment = useMoment();
  const { learnedUntil: until, learnedPerMinute, learnedPerDay, learnedConnections, now } = live;
  if (!until || until <= now) return null;
  const lessons = [
    learnedPerMinute !== null && t("perMinute", { count: learnedPerMinute }),
    learnedPerDay !== null && t("perDay", { count: learnedPerDay }),
    learnedConnections !== null && t("connections", { count: learnedConnections }),
  ].filter((lesson) => typeof lesson === "string");
  return (
    <Alert
      tone="warn"
      title={t("title")}
      actions={
        mayEdit && (
          <ActionButton
            action={forget}
            fields={{ id: live.id }}
            namespace="limits"
            done={t("forgotten")}
            size="sm"
            icon={<Eraser aria-hidden />}
          >
            {t("forget")}
          </ActionButton>
        )
      }
    >
      <p>{t("text", { at: moment("at", until, now) })}</p>
      <ul className="mt-1 list-disc ps-5">
        {lessons.map((lesson) => (
          <li key={lesson}>{lesson}</li>
        ))}
      </ul>
    </Alert>
  );
}
