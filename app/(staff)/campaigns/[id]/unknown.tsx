import { getFormatter, getTranslations } from "next-intl/server";
import { Alert } from "#ui/alert";
import { LinkButton } from "#ui/link-button";

/** Nobody knows whether these left. What is known of each, and the decision, are a page of their own. */
export async function Unknown({ id, count, settles }: { id: number; count: number; settles: boolean }) {
  const t = await getTranslations("campaigns.unknown");
  if (count === 0) return null;
  const said = { count, formatted: (await getFormatter()).number(count) };
  return (
    <Alert
      tone="warn"
      title={t("title", said)}
      actions={
        <LinkButton href={`/campaigns/${id}/unknown`} size="sm">
          {t(settles ? "decide" : "see")}
        </LinkButton>
      }
    >
      {t("text")}
    </Alert>
  );
}
