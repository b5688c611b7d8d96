import Link from "next/link";
import { useFormatter, useTranslations } from "next-intl";
import type { Counts } from "#lib/letters/threads/queries";
import { Card } from "#ui/card";
import { LinkButton } from "#ui/link-button";

const views = ["toDo", "mine", "waiting"] as const;

/** What waits for an answer, from us or from others, among what this person may read; nothing at all when nothing does. */
export function Conversations({ counts }: { counts: Counts }) {
  const t = useTranslations("letters");
  const format = useFormatter();
  if (counts.toDo + counts.waiting === 0) return null;
  return (
    <Card
      title={t("title")}
      actions={
        <LinkButton href="/inbox" size="sm" variant="ghost">
          {t("open")}
        </LinkButton>
      }
    >
      <ul className="grid grid-cols-3 gap-3">
        {views.map((view) => (
          <li key={view}>
            <Link
              href={`/inbox?view=${view}`}
              className="flex flex-col rounded-field px-3 py-2 hover:bg-sunken"
            >
              <span className="nums text-2xl font-semibold">
                {counts[view] >= 1000 ? t("many") : format.number(counts[view])}
              </span>
              <span className="text-sm text-soft">{t(`views.${view}`)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}
