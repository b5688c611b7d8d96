import { Compass } from "lucide-react";
import { useTranslations } from "next-intl";
import { LinkButton } from "#ui/link-button";
import { MessagePage } from "./_shell/message-page";

export default function NotFound() {
  const t = useTranslations("app.notFound");
  return (
    <MessagePage
      mark={<Compass />}
      title={t("title")}
      actions={
        <LinkButton href="/" variant="primary">
          {t("home")}
        </LinkButton>
      }
    >
      <p>{t("text")}</p>
    </MessagePage>
  );
}
