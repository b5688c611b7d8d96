import { getFormatter, getTranslations } from "next-intl/server";
import { ConfirmDialog } from "#ui/confirm-dialog";
import type { FormAction } from "#ui/form";

type Props = {
  action: FormAction;
  fields: Record<string, string | number>;
  count: number;
  /** Whose: said in the title of a dialog about one. */
  one?: string;
};

/** Believe them sent, or send them again: for all, or for one. */
export async function Decisions({ action, fields, count, one }: Props) {
  const t = await getTranslations("deliveries.unknown");
  const said = { count, formatted: (await getFormatter()).number(count), address: one ?? "" };
  const size = one ? ("sm" as const) : undefined;
  const act = { action, namespace: "deliveries", done: t("done") };
  const label = (key: "believe" | "requeue") => (one ? t(`${key}One`) : t(key, said));
  return (
    <>
      <ConfirmDialog
        {...act}
        trigger={{ label: label("believe"), size }}
        title={one ? t("believeOneTitle", said) : t("believeTitle", said)}
        consequence={t("believeConsequence", said)}
        confirmLabel={t("believeConfirm")}
        fields={{ ...fields, decision: "sent" }}
      />
      <ConfirmDialog
        {...act}
        trigger={{ label: label("requeue"), size }}
        title={one ? t("requeueOneTitle", said) : t("requeueTitle", said)}
        consequence={t("requeueConsequence", said)}
        confirmLabel={t("requeueConfirm")}
        fields={{ ...fields, decision: "requeue" }}
        tone="danger"
      />
    </>
  );
}
