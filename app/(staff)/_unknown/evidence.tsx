import { useFormatter, useTranslations } from "next-intl";
import type { ComponentProps } from "react";
import type { Standing, UnknownRow } from "#lib/letters/deliveries/queries";
import { Badge } from "#ui/badge";

const tones: Record<Standing, ComponentProps<typeof Badge>["tone"]> = {
  sandbox: "info",
  soon: "info",
  tooEarly: "info",
  noControl: "neutral",
  noMailbox: "warn",
  unreadable: "bad",
  noCopies: "warn",
  newFolder: "warn",
  tooOld: "warn",
};

/** What was looked for in the Sent folder, what was there, and whether it is worth waiting. */
export function Evidence({ row }: { row: UnknownRow }) {
  const t = useTranslations("deliveries.unknown");
  const failures = useTranslations("relays.failures");
  const format = useFormatter();
  const time = (at: Date) => format.relativeTime(at);
  const { standing, lookedAt, looks, dueAt, earlierAt, laterAt, failure } = row;
  const why =
    standing === "unreadable" && failure
      ? failures(failure)
      : t(`standings.${standing}Text` as "standings.soonText");
  return (
    <div className="flex max-w-md flex-col items-start gap-1">
      <Badge tone={tones[standing]} dot>
        {t(`standings.${standing}`)}
      </Badge>
      <p className="text-[0.8125rem] text-soft">{why}</p>
      {lookedAt && (
        <ul className="text-[0.8125rem] text-faint">
          <li>{t("looked", { count: looks, when: time(lookedAt) })}</li>
          <li>{earlierAt ? t("earlier", { when: time(earlierAt) }) : t("noEarlier")}</li>
          <li>{laterAt ? t("later", { when: time(laterAt) }) : t("noLater")}</li>
          {dueAt && <li>{t("next", { when: time(dueAt) })}</li>}
        </ul>
      )}
    </div>
  );
}
