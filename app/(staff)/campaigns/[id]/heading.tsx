import { Archive, ArchiveRestore, Ban, Copy, Pause, Play, Undo2 } from "lucide-react";
import { getFormatter, getTranslations } from "next-intl/server";
import { may } from "#lib/department/permissions";
import type { SessionUser } from "#lib/gates/session";
import { type CampaignDetail, getFunnel } from "#lib/letters/campaigns/queries";
import { moves } from "#lib/letters/campaigns/rules";
import { typedLine } from "#lib/letters/campaigns/show";
import { ActionButton } from "#ui/action-button";
import { ConfirmDialog } from "#ui/confirm-dialog";
import { PageHeader } from "#ui/page-header";
import { TabLinks } from "#ui/tab-links";
import { archive, cancel, duplicate, pause, restore, resume, unschedule } from "../actions";
import { StatusBadge } from "../status-badge";

type Props = { campaign: CampaignDetail; user: SessionUser; view: "follow" | "deliveries" | "message" };

/** The top of a launched or scheduled campaign’s pages: its state, what may be done, its three views. */
export async function Heading({ campaign, user, view }: Props) {
  const t = await getTranslations("campaigns");
  const base = `/campaigns/${campaign.id}`;
  const links = [
    { href: base, label: t("page.follow"), current: view === "follow" },
    ...(campaign.launchedAt
      ? [{ href: `${base}/deliveries`, label: t("page.deliveries"), current: view === "deliveries" }]
      : []),
    { href: `${base}/message`, label: t("page.message"), current: view === "message" },
  ];
  return (
    <>
      <PageHeader
        title={campaign.name || t("untitled")}
        lead={typedLine(campaign.subject)}
        breadcrumbs={[{ label: t("title"), href: "/campaigns" }]}
        aside={<StatusBadge status={campaign.status} missed={campaign.missedAt !== null} />}
        actions={
          <>
            {may(user.role, "campaigns.send") && <Moves campaign={campaign} />}
            {may(user.role, "campaigns.edit") && <Keeping campaign={campaign} />}
          </>
        }
      />
      <TabLinks label={t("page.tabs")} links={links} />
    </>
  );
}

async function Moves({ campaign: { id, status } }: { campaign: CampaignDetail }) {
  const t = await getTranslations("campaigns.page");
  const can = moves[status];
  const act = { fields: { id }, namespace: "campaigns" };
  return (
    <>
      {can.includes("unschedule") && (
        <ActionButton {...act} action={unschedule} done={t("unscheduled")} icon={<Undo2 aria-hidden />}>
          {t("unschedule")}
        </ActionButton>
      )}
      {can.includes("pause") && (
        <ActionButton {...act} action={pause} done={t("paused")} icon={<Pause aria-hidden />}>
          {t("pause")}
        </ActionButton>
      )}
      {can.includes("resume") && (
        <ActionButton
          {...act}
          action={resume}
          done={t("resumed")}
          variant="primary"
          icon={<Play aria-hidden />}
        >
          {t("resume")}
        </ActionButton>
      )}
      {can.includes("cancel") && <Cancel id={id} />}
    </>
  );
}

async function Cancel({ id }: { id: number }) {
  const t = await getTranslations("campaigns.page");
  const { queued } = await getFunnel(id);
  return (
    <ConfirmDialog
      trigger={{ label: t("cancel"), icon: <Ban aria-hidden /> }}
      title={t("cancelTitle")}
      consequence={t("cancelConsequence", {
        count: queued,
        formatted: (await getFormatter()).number(queued),
      })}
      confirmLabel={t("cancel")}
      keepLabel={t("cancelKeep")}
      action={cancel}
      fields={{ id }}
      namespace="campaigns"
      done={t("cancelled")}
      tone="danger"
    />
  );
}

async function Keeping({ campaign: { id, name, status, archivedAt } }: { campaign: CampaignDetail }) {
  const t = await getTranslations("campaigns.page");
  const settled = status === "sent" || status === "cancelled" || status === "draft";
  return (
    <>
      <ActionButton
        action={duplicate}
        fields={{ id, name: t("copyName", { name }) }}
        namespace="campaigns"
        icon={<Copy aria-hidden />}
      >
        {t("duplicate")}
      </ActionButton>
      {archivedAt && (
        <ActionButton
          action={restore}
          fields={{ id }}
          namespace="campaigns"
          done={t("restored")}
          icon={<ArchiveRestore aria-hidden />}
        >
          {t("restore")}
        </ActionButton>
      )}
      {!archivedAt && settled && (
        <ConfirmDialog
          trigger={{ label: t("archive"), icon: <Archive aria-hidden /> }}
          title={t("archiveTitle", { name })}
          consequence={t("archiveConsequence")}
          confirmLabel={t("archive")}
          action={archive}
          fields={{ id }}
          namespace="campaigns"
          done={t("archivedDone")}
        />
      )}
    </>
  );
}
