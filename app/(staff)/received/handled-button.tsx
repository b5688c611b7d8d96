import { Check, Undo2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { ActionButton } from "#ui/action-button";
import type { ButtonSize } from "#ui/button";
import { handle, unhandle } from "./actions";

/** « Traité », and its undo. */
export function HandledButton({
  id,
  handled,
  size,
  archives = false,
}: {
  id: number;
  handled: boolean;
  size?: ButtonSize;
  /** No answer, so there is nothing to see to: it is put away. */
  archives?: boolean;
}) {
  const t = useTranslations("received");
  return handled ? (
    <ActionButton
      action={unhandle}
      fields={{ id }}
      namespace="received"
      done={t(archives ? "unarchived" : "unhandled")}
      variant="ghost"
      size={size}
      icon={<Undo2 aria-hidden />}
    >
      {t(archives ? "unarchive" : "unhandle")}
    </ActionButton>
  ) : (
    <ActionButton
      action={handle}
      fields={{ id }}
      namespace="received"
      done={t(archives ? "archived" : "handled")}
      size={size}
      icon={<Check aria-hidden />}
    >
      {t(archives ? "archive" : "handle")}
    </ActionButton>
  );
}
