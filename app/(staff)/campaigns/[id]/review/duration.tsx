import { useFormatter, useTranslations } from "next-intl";
import type { Departure } from "#lib/letters/campaigns/live";
import { Card } from "#ui/card";
import { useHorizon } from "../../../_live/words";

/** How long it would take through the relay as it is now. */
export function Duration({ departure: { relay, forecast, others } }: { departure: Departure }) {
  const t = useTranslations("live.departure");
  const why = useTranslations("live.unforeseen");
  const format = useFormatter();
  const horizon = useHorizon();
  const possible = relay.possibleToday;
  const said = { relay: relay.name };
  const end =
    "unforeseen" in forecast
      ? t("endUnknown", { why: why(forecast.unforeseen) })
      : t(forecast.atLeast ? "endAtLeast" : "end", { end: horizon(forecast.at, relay.now) });
  return (
    <Card title={t("title")}>
      <p className="font-medium [overflow-wrap:anywhere]">
        {possible === null
          ? t("unlimited", said)
          : t("possible", { ...said, count: possible, formatted: format.number(possible) })}
      </p>
      <p className="mt-1 text-soft">{end}</p>
      {others > 0 && <p className="mt-1 text-sm text-faint">{t("shared", { count: others })}</p>}
    </Card>
  );
}
