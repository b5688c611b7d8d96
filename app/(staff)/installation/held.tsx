import { Play } from "lucide-react";
import { useTranslations } from "next-intl";
import { formatDateTime } from "#lib/machine/format";
import type { Decidable, InstallationState } from "#lib/office/restores/queries";
import { Alert } from "#ui/alert";
import { ConfirmDialog } from "#ui/confirm-dialog";
import { acknowledge } from "./actions";
import { Waiting } from "./waiting";

type Props = { state: InstallationState; campaigns: Decidable[]; locale: string };

/** Why nothing leaves, since when, and the one word that lets the work go on. */
export function Held({ state, campaigns, locale }: Props) {
  const t = useTranslations("installation.held");
  const { heldWhy, backupAt, letters, oppositions } = state;
  const why = heldWhy ?? "restored";
  return (
    <>
      <Alert
        tone="bad"
        title={t("title")}
        actions={
          <ConfirmDialog
            trigger={{ label: t("goOn"), icon: <Play aria-hidden />, variant: "primary" }}
            title={t("goOnTitle")}
            consequence={t("goOnConsequence", { campaigns: campaigns.length, letters })}
            confirmLabel={t("goOnConfirm")}
            action={acknowledge}
            namespace="installation"
            done={t("done")}
          />
        }
      >
        <p>{t(`why.${why}`)}</p>
        {backupAt && <p>{t("backupAt", { at: formatDateTime(backupAt, locale) })}</p>}
        <p>{t("lost")}</p>
        <p>{t("oppositions", { n: oppositions })}</p>
      </Alert>
      <Waiting campaigns={campaigns} locale={locale} held />
    </>
  );
}
