import { SearchX, UserPlus, UsersRound } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ContactSearch } from "#lib/people/contacts/schema";
import { EmptyState } from "#ui/empty-state";
import { LinkButton } from "#ui/link-button";

/** An empty book, or filters that find nobody: two different things to do. */
export function NoContacts({ search, edits }: { search: ContactSearch; edits: boolean }) {
  const t = useTranslations("contacts");
  if (search.q || search.kind || search.year || search.state)
    return (
      <EmptyState
        icon={<SearchX />}
        title={t("noneTitle")}
        actions={<LinkButton href="/contacts">{t("clear")}</LinkButton>}
      >
        {t("noneText")}
      </EmptyState>
    );
  return (
    <EmptyState
      icon={<UsersRound />}
      title={t("emptyTitle")}
      actions={
        edits && (
          <>
            <LinkButton href="/contacts/new" variant="primary" icon={<UserPlus aria-hidden />}>
              {t("new")}
            </LinkButton>
            <LinkButton href="/sources">{t("toSources")}</LinkButton>
          </>
        )
      }
    >
      {t("emptyText")}
    </EmptyState>
  );
}
