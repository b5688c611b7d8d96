import { useTranslations } from "next-intl";
import { LinkButton } from "#ui/link-button";
import { Sheet } from "#ui/sheet";

/** For a link that was used, replaced or never existed: the same page. */
export function DeadLink({ setup }: { setup?: boolean }) {
  const t = useTranslations("users.deadLink");
  return (
    <Sheet title={t("title")} lead={<p>{setup ? `${t("text")} ${t("setup")}` : t("text")}</p>}>
      <div className="flex flex-wrap gap-3">
        <LinkButton href="/connexion" variant="primary">
          {t("signIn")}
        </LinkButton>
        {!setup && <LinkButton href="/mot-de-passe-oublie">{t("ask")}</LinkButton>}
      </div>
    </Sheet>
  );
}
