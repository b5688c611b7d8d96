import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { Moment } from "#lib/people/activities/queries";
import { HouseWords } from "#ui/house-words";

const kinds = [
  "contact_created",
  "contact_updated",
  "contact_archived",
  "contact_restored",
  "contact_imported",
  "bounce_hard",
  "bounce_soft",
  "complaint",
  "organisation_created",
  "organisation_updated",
  "organisation_archived",
  "organisation_restored",
  "pledge_called",
  "pledge_mailed",
  "pledge_thanked",
] as const;
const wishes = ["paused", "resumed", "clicks_allowed", "clicks_refused"] as const;
const tasks = ["open", "done", "answered"] as const;
const deliveries = ["queued", "sending", "unknown", "sent", "failed", "skipped"] as const;

/** A moment in words. */
export function useTitle(ofOrganisation: boolean): (moment: Moment) => ReactNode {
  const t = useTranslations("activities");
  return (moment) => {
    const subject = String(moment.data.subject ?? "");
    if (moment.source === "delivery")
      return t(`delivery.${deliveries.find((status) => status === moment.kind) ?? "unknown"}`, { subject });
    if (moment.source === "mail")
      return t(moment.kind === "reply" ? "mail.reply" : "mail.auto-reply", { subject });
    if (moment.source === "task")
      return (
        <Link href={`/tasks/${moment.data.taskId}`} className="hover:text-brand-text hover:underline">
          {t(`task.${tasks.find((kind) => kind === moment.kind) ?? "open"}`, { subject })}
        </Link>
      );
    if (moment.source === "click") return t("click", { name: moment.campaignName ?? "" });
    const wish = moment.source === "subscription" && wishes.find((known) => known === moment.kind);
    if (wish) return t(`subscription.${wish}`);
    if (moment.source === "subscription")
      return t.rich(moment.kind === "subscribed" ? "subscription.subscribed" : "subscription.unsubscribed", {
        topic: moment.topicName ?? t("allTopics"),
        letter: (chunks) => (moment.topicName ? <HouseWords>{chunks}</HouseWords> : chunks),
      });
    if (moment.kind === "came") return t("came", { event: String(moment.data.event ?? "") });
    const kind = moment.kind.replace(".", "_");
    if (kind === "affiliation_added" || kind === "affiliation_removed" || kind === "affiliation_ended") {
      const name = moment.otherName ?? "";
      const sentence = ofOrganisation ? t(`people.${kind}`, { name }) : t(`kinds.${kind}`, { name });
      const href = `/${ofOrganisation ? "contacts" : "organisations"}/${moment.otherId}`;
      return moment.otherId ? (
        <Link href={href} className="hover:text-brand-text hover:underline">
          {sentence}
        </Link>
      ) : (
        sentence
      );
    }
    return t(`kinds.${kinds.find((known) => known === kind) ?? "other"}`);
  };
}
