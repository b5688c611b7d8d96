import { getFormatter, getTranslations } from "next-intl/server";
import { Alert } from "#ui/alert";
import { ConfirmDialog } from "#ui/confirm-dialog";
import { LinkButton } from "#ui/link-button";
import { settle } from "../actions";

/** Nobody knows whether these left. Staff may decide for all of them at once. */
export async function Unknown({ id, count, settles }: { id: number; count: number; settles: boolean }) {
  const t = await getTranslations("campaigns.unknown");
  if (count === 0) return null;
  const said = { count, formatted: (await getFormatter()).number(count) };
  const act = { action: settle, namespace: "campaigns", done: t("done") };
  return (
    <Alert
      tone="warn"
      title={t("title", said)}
      actions={
        <>
          <LinkButton href={`/campaigns/${id}/deliveries?outcome=unknown`} size="sm">
            {t("see")}
          </LinkButton>
          {settles && (
            <>
              <ConfirmDialog
                {...act}
                trigger={{ label: t("believe"), size: "sm" }}
                title={t("believeTitle")}
                consequence={t("believeConsequence", said)}
                confirmLabel={t("believe")}
                fields={{ id, decision: "sent" }}
              />
              <ConfirmDialog
                {...act}
                trigger={{ label: t("requeue"), size: "sm" }}
                title={t("requeueTitle")}
                consequence={t("requeueConsequence", said)}
                confirmLabel={t("requeue")}
                fields={{ id, decision: "requeue" }}
                tone="danger"
              />
            </>
          )}
        </>
      }
    >
      {t("text")}
    </Alert>
  );
}
