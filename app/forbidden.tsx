import { Lock } from "lucide-react";
import { useTranslations } from "next-intl";
import { LinkButton } from "#ui/link-button";
import { MessagePage } from "./_shell/message-page";

export default function Forbidden() {
  const t = useTranslations("app");
  return (
    <MessagePage
      mark={<Lock />}
      title={t("forbidden.title")}
      actions={
        <>
          <LinkButton href="/" variant="primary">
            {t("notFound.home")}
          </LinkButton>
          <LinkButton href="/help/roles">{t("forbidden.roles")}</LinkButton>
        </>
      }
    >
      <p>{t("forbidden.text")}</p>
    </MessagePage>
  );
}
