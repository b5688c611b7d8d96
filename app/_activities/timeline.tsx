import { useLocale, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { formatDate, formatDateTime } from "#lib/machine/format";
import type { Page } from "#lib/machine/keyset";
import type { Moment } from "#lib/people/activities/queries";
import { Card } from "#ui/card";
import { Pager } from "#ui/pager";
import { Timeline } from "#ui/timeline";
import { Facts } from "./facts";
import { iconOf, toneOf } from "./look";
import { useTitle } from "./title";

type Props = {
  page: Page<Moment>;
  /** The address of the page, for its older and newer moments. */
  path: string;
  /** On an organisation's page the other party is a person. */
  ofOrganisation?: boolean;
  /** What may be done about a moment. */
  acts?: (moment: Moment) => ReactNode;
};

/** What happened to a contact or an organisation, newest first. */
export function ActivityTimeline({ page, path, ofOrganisation = false, acts }: Props) {
  const t = useTranslations("activities");
  const heading = useTranslations("contacts")("timeline");
  const locale = useLocale();
  const title = useTitle(ofOrganisation);
  const moments = page.rows.map((moment) => ({
    id: `${moment.source}-${moment.id}`,
    icon: iconOf(moment),
    tone: toneOf(moment),
    title: title(moment),
    // Of some the day alone is known.
    when:
      moment.source === "click" || moment.kind === "came"
        ? formatDate(moment.at, locale)
        : formatDateTime(moment.at, locale),
    dateTime: moment.at.toISOString(),
    children: (
      <>
        <Facts moment={moment} />
        {acts?.(moment)}
      </>
    ),
  }));
  return (
    <Card title={heading} flush>
      <div className="px-5 pt-1 pb-5">
        {moments.length === 0 ? (
          <p className="text-soft">{t("empty")}</p>
        ) : (
          <Timeline label={heading} moments={moments} />
        )}
      </div>
      <Pager
        previousHref={page.previous && `${path}?before=${page.previous}`}
        nextHref={page.next && `${path}?after=${page.next}`}
      />
    </Card>
  );
}
