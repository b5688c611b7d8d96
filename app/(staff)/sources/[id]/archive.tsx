import { Archive, RotateCcw } from "lucide-react";
import { useTranslations } from "next-intl";
import { ActionButton } from "#ui/action-button";
import { ConfirmDialog } from "#ui/confirm-dialog";
import { archive, restore } from "../actions";

export function ArchiveSource({ id, name }: { id: number; name: string }) {
  const t = useTranslations("sources");
  return (
    <ConfirmDialog
      trigger={{ label: t("archive"), icon: <Archive aria-hidden /> }}
      title={t("archiveTitle", { name })}
      consequence={t("archiveText")}
      confirmLabel={t("archive")}
      action={archive}
      fields={{ id }}
      namespace="sources"
      done={t("archived")}
    />
  );
}

export function RestoreSource({ id }: { id: number }) {
  const t = useTranslations("sources");
  return (
    <ActionButton
      action={restore}
      fields={{ id }}
      namespace="sources"
      done={t("restored")}
      icon={<RotateCcw aria-hidden />}
    >
      {t("restore")}
    </ActionButton>
  );
}
