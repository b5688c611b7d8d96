import { Check, Undo2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { ActionButton } from "#ui/action-button";
import type { ButtonSize } from "#ui/button";
import { handle, unhandle } from "./actions";

/** « Traité », and its undo. */
export function HandledButton({ id, handled, size }: { id: number; handled: boolean; size?: ButtonSize }) {
  const t = useTranslations("received");
  return handled ? (
    <ActionButton
      action={unhandle}
      fields={{ id }}
      namespace="received"
      done={t("unhandled")}
      variant="ghost"
      size={size}
      icon={<Undo2 aria-hidden />}
    >
      {t("unhandle")}
    </ActionButton>
  ) : (
    <ActionButton
      action={handle}
      fields={{ id }}
      namespace="received"
      done={t("handled")}
      size={size}
      icon={<Check aria-hidden />}
    >
      {t("handle")}
    </ActionButton>
  );
}
