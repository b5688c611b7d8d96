import { UserX } from "lucide-react";
import { useTranslations } from "next-intl";
import { staffWhys } from "#lib/office/privacy/schema";
import { RadioGroup } from "#ui/choice-group";
import { ConfirmDialog } from "#ui/confirm-dialog";
import { TextField } from "#ui/text-field";
import { erase } from "../actions";

/** The right to be forgotten: says what goes and what stays, and wants the name typed. */
export function Erase({ id, name }: { id: number; name: string }) {
  const t = useTranslations("privacy.erase");
  return (
    <ConfirmDialog
      trigger={{ label: t("button"), variant: "danger", icon: <UserX aria-hidden /> }}
      title={t("title", { name })}
      consequence={t("consequence")}
      confirmLabel={t("confirm")}
      action={erase}
      fields={{ id, name }}
      namespace="privacy"
      tone="danger"
    >
      <RadioGroup
        name="why"
        legend={t("why")}
        required
        choices={staffWhys.map((why) => ({
          value: why,
          label: t(`whys.${why}`),
          hint: t(`whyHints.${why}`),
        }))}
        cards
        className="[&>div]:sm:grid-cols-1"
      />
      <TextField name="typed" label={t("type", { name })} autoComplete="off" required />
    </ConfirmDialog>
  );
}
