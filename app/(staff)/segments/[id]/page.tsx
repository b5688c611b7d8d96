import { Archive, ArchiveRestore } from "lucide-react";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { may } from "#lib/department/permissions";
import { gate } from "#lib/gates/session";
import { idOf } from "#lib/machine/asked";
import { countSegment, findSegment, listCriteriaChoices, previewSegment } from "#lib/people/segments/queries";
import { ActionButton } from "#ui/action-button";
import { Alert } from "#ui/alert";
import { ConfirmDialog } from "#ui/confirm-dialog";
import { PageHeader } from "#ui/page-header";
import { archive, restore } from "../actions";
import { describeCriteria } from "../describe";
import { LiveCount } from "../live-count";
import { SegmentForm } from "../segment-form";

type Props = { params: Promise<{ id: string }> };

export default async function SegmentPage({ params }: Props) {
  const id = idOf((await params).id) ?? 0;
  const user = await gate("segments.read", `/segments/${id}`);
  const segment = await findSegment(id);
  if (!segment) notFound();
  const { name, criteria, archivedAt } = segment;
  const [choices, count, members] = await Promise.all([
    listCriteriaChoices(),
    countSegment(criteria),
    previewSegment(criteria),
  ]);
  const t = await getTranslations("segments");
  const editable = may(user.role, "segments.edit");
  return (
    <>
      <PageHeader
        title={name}
        breadcrumbs={[{ label: t("title"), href: "/segments" }]}
        lead={describeCriteria(criteria, t, choices)}
        actions={
          editable &&
          (archivedAt ? (
            <Restore id={id} label={t("restore")} done={t("restored")} />
          ) : (
            <ArchiveButton id={id} name={name} />
          ))
        }
      />
      {archivedAt && <Alert className="mb-5">{t("archivedNote")}</Alert>}
      {editable && !archivedAt ? (
        <SegmentForm id={id} {...{ name, criteria, choices, count, members }} />
      ) : (
        <LiveCount start={{ ...count, members }} />
      )}
    </>
  );
}

function Restore({ id, label, done }: { id: number; label: string; done: string }) {
  return (
    <ActionButton
      action={restore}
      fields={{ id }}
      namespace="segments"
      done={done}
      icon={<ArchiveRestore aria-hidden />}
    >
      {label}
    </ActionButton>
  );
}

async function ArchiveButton({ id, name }: { id: number; name: string }) {
  const t = await getTranslations("segments");
  return (
    <ConfirmDialog
      trigger={{ label: t("archive"), icon: <Archive aria-hidden /> }}
      title={t("archiveTitle", { name })}
      consequence={t("archiveConsequence")}
      confirmLabel={t("archive")}
      action={archive}
      fields={{ id }}
      namespace="segments"
      done={t("archivedDone")}
    />
  );
}
