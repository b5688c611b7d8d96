"use client";
import { CloudAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import { Button } from "#ui/button";
import { MessagePage } from "./_shell/message-page";

/** The border of every page: no exception text, a reference that the log carries too. */
export default function Failure({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  const t = useTranslations("app.error");
  return (
    <MessagePage
      mark={<CloudAlert />}
      title={t("title")}
      actions={
        <Button variant="primary" onClick={reset}>
          {t("retry")}
        </Button>
      }
    >
      <p role="alert">{t("text", { digest: error.digest ?? "–" })}</p>
    </MessagePage>
  );
}
