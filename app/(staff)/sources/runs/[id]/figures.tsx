import { useLocale, useTranslations } from "next-intl";
import { formatNumber } from "#lib/machine/format";
import type { RunDetail } from "#lib/sites/sources/queries";
import { Stat, StatRow } from "#ui/stat";

const figures = ["rowsRead", "created", "updated", "unchanged", "archived", "rejected", "notes"] as const;
const tones = { created: "good", updated: "info", rejected: "bad", notes: "warn" } as const;

export function RunFigures({ run }: { run: RunDetail }) {
  const t = useTranslations("sources");
  const locale = useLocale();
  const seconds =
    run.startedAt && run.finishedAt
      ? Math.round((run.finishedAt.getTime() - run.startedAt.getTime()) / 1000)
      : null;
  return (
    <StatRow>
      {figures.map((key) => (
        <Stat
          key={key}
          label={t(`run.stats.${key}`)}
          value={formatNumber(run[key], locale)}
          tone={run[key] > 0 && key in tones ? tones[key as keyof typeof tones] : undefined}
          note={key === "rowsRead" && seconds !== null ? t("run.duration", { seconds }) : undefined}
        />
      ))}
    </StatRow>
  );
}
