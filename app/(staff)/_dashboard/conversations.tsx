import { MessagesSquare } from "lucide-react";
import { useTranslations } from "next-intl";
import type { Counts } from "#lib/letters/threads/queries";
import { Card } from "#ui/card";
import { LinkButton } from "#ui/link-button";

/** What waits for an answer, among what this person may read; nothing at all when nothing does. */
export function Conversations({ counts }: { counts: Counts }) {
  const t = useTranslations("letters");
  if (counts.toDo === 0) return null;
  return (
    <Card
      title={t("title")}
      actions={
        <LinkButton
          href={counts.mine > 0 ? "/inbox?view=mine" : "/inbox"}
          size="sm"
          icon={<MessagesSquare aria-hidden />}
        >
          {t("open")}
        </LinkButton>
      }
    >
      <p>{t("waitsForYou", counts)}</p>
    </Card>
  );
}
