import { useFormatter, useTranslations } from "next-intl";
import type { BackupRow } from "#lib/machine/backups/queries";
import { damagedFile, isOverdue, isUndrilled } from "#lib/machine/backups/rules";
import { formatDateTime } from "#lib/machine/format";
import { Alert } from "#ui/alert";
import { Card } from "#ui/card";
import { DescriptionList } from "#ui/description-list";

type Props = { rows: BackupRow[]; outside: string[]; locale: string };

/** How old the last night's backup is, and whether one was ever put back for trial. */
export function Backups({ rows, outside, locale }: Props) {
  const t = useTranslations("installation.backups");
  const format = useFormatter();
  const last = rows.find(({ finishedAt }) => finishedAt);
  const tried = rows.find(({ drilledAt }) => drilledAt);
  const failed = rows[0]?.error ? rows[0] : null;
  const now = new Date();
  return (
    <Card title={t("title")} description={t("lead")}>
      <div className="flex flex-col gap-4">
        {isOverdue(last?.finishedAt ?? null, now) && <Alert tone="warn" title={t(last ? "old" : "none")} />}
        {failed && <Alert tone="bad" title={t("failed", { reason: failed.error ?? "" })} />}
        {tried?.drillError && (
          <Alert
            tone="bad"
            title={
              tried.drillError === damagedFile
                ? t("drillDamaged")
                : t("drillFailed", { reason: tried.drillError })
            }
          />
        )}
        {last && isUndrilled(tried?.drilledAt ?? null, now) && <Alert tone="warn" title={t("undrilled")} />}
        <DescriptionList
          items={[
            last && { label: t("last"), value: last.finishedAt && formatDateTime(last.finishedAt, locale) },
            last && {
              label: t("size"),
              value: t("megabytes", { n: format.number(Math.ceil((last.bytes ?? 0) / 1e6)) }),
            },
            last && { label: t("where"), value: t("on", { file: last.file, host: last.host }) },
            {
              label: t("tried"),
              value:
                tried?.drilledAt && !tried.drillError ? formatDateTime(tried.drilledAt, locale) : t("never"),
            },
            { label: t("rule"), value: t("kept") },
          ]}
        />
        <p className="text-soft [overflow-wrap:anywhere]">
          {outside.length === 0 ? t("filesInside") : t("filesOutside", { folders: outside.join(", ") })}{" "}
          {t("elsewhere")}
        </p>
      </div>
    </Card>
  );
}
