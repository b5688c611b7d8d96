import {
  CalendarClock,
  CalendarX2,
  Check,
  CirclePause,
  Clock,
  KeyRound,
  MailX,
  ShieldAlert,
  Undo2,
  UnplugIcon,
  UserMinus,
  UserPlus,
  UserX,
} from "lucide-react";
import Link from "next/link";
import { useFormatter, useTranslations } from "next-intl";
import { Fragment, type ReactNode } from "react";
import type { NoticeRow } from "#lib/department/notices/queries";
import { ActionButton } from "#ui/action-button";
import { HouseWords } from "#ui/house-words";
import { see, unsee } from "./actions";

const marks: Record<string, { icon: ReactNode; tone: string }> = {
  unsubscribed: { icon: <UserMinus />, tone: "bg-warn-soft text-warn" },
  resubscribed: { icon: <UserPlus />, tone: "bg-good-soft text-good" },
  complaint: { icon: <ShieldAlert />, tone: "bg-bad-soft text-bad" },
  relayPaused: { icon: <CirclePause />, tone: "bg-warn-soft text-warn" },
  campaignPaused: { icon: <CirclePause />, tone: "bg-warn-soft text-warn" },
  campaignMissed: { icon: <CalendarX2 />, tone: "bg-warn-soft text-warn" },
  erasuresProposed: { icon: <UserX />, tone: "bg-warn-soft text-warn" },
  pledgesDue: { icon: <CalendarClock />, tone: "bg-info-soft text-info" },
  purgeHeld: { icon: <Clock />, tone: "bg-warn-soft text-warn" },
  dkimVanished: { icon: <KeyRound />, tone: "bg-bad-soft text-bad" },
  mailboxTrouble: { icon: <UnplugIcon />, tone: "bg-bad-soft text-bad" },
};

export function NoticeLine({ notice, mayHandle }: { notice: NoticeRow; mayHandle: boolean }) {
  const t = useTranslations("notices");
  const format = useFormatter();
  const { icon, tone } = marks[notice.kind] ?? { icon: <MailX />, tone: "bg-sunken text-soft" };
  return (
    <li className="flex items-start gap-4 px-5 py-4">
      <span
        aria-hidden
        className={`flex size-10 shrink-0 items-center justify-center rounded-xl [&_svg]:size-5 ${tone}`}
      >
        {icon}
      </span>
      <div className="min-w-0 flex-1">
        <p className={notice.seenAt ? "text-soft" : "font-medium"}>
          <Sentence notice={notice} />
        </p>
        <p className="mt-0.5 text-sm text-faint">
          <time dateTime={notice.at.toISOString()}>
            {format.dateTime(notice.at, { dateStyle: "long", timeStyle: "short" })}
          </time>
          <Circumstances notice={notice} />
        </p>
      </div>
      {mayHandle && (
        <ActionButton
          action={notice.seenAt ? unsee : see}
          fields={{ id: notice.id }}
          namespace="notices"
          done={notice.seenAt ? t("unmarked") : t("marked")}
          variant="ghost"
          size="sm"
          icon={notice.seenAt ? <Undo2 aria-hidden /> : <Check aria-hidden />}
        >
          <span className="max-sm:sr-only">{notice.seenAt ? t("unsee") : t("seen")}</span>
        </ActionButton>
      )}
    </li>
  );
}

function Sentence({ notice }: { notice: NoticeRow }) {
  const t = useTranslations("notices");
  const format = useFormatter();
  const { contact } = notice;
  const name = contact ? `${contact.firstName} ${contact.lastName}`.trim() : t("somebody");
  const who = (chunks: ReactNode) =>
    contact ? (
      <Link
        href={`/contacts/${contact.id}`}
        className="rounded text-ink underline decoration-edge underline-offset-3 hover:text-brand-text"
      >
        {chunks}
      </Link>
    ) : (
      chunks
    );
  const letter = (chunks: ReactNode) => <HouseWords>{chunks}</HouseWords>;
  const topics = () =>
    format.list(
      notice.topics.map((topic) => <Fragment key={topic}>{t.rich("topic", { topic, letter })}</Fragment>),
    );
  if (notice.kind === "complaint") return t.rich("kinds.complaint", { name, who });
  if (notice.kind === "mailboxTrouble") return t("kinds.mailboxTrouble", { relay: notice.relay?.name ?? "" });
  if (notice.kind === "pledgesDue")
    return t.rich("kinds.pledgesDue", {
      count: notice.count,
      what: (chunks) => (
        <Link
          href="/pledges/calendar"
          className="rounded text-ink underline decoration-edge underline-offset-3 hover:text-brand-text"
        >
          {chunks}
        </Link>
      ),
    });
  if (notice.kind === "erasuresProposed" || notice.kind === "purgeHeld") return t(`kinds.${notice.kind}`);
  if (notice.kind === "dkimVanished") return t("kinds.dkimVanished", { domain: notice.domain ?? "" });
  if (notice.kind === "relayPaused") return t("kinds.relayPaused", { relay: notice.relay?.name ?? "" });
  if (notice.kind === "campaignPaused")
    return t("kinds.campaignPaused", { campaign: notice.campaign?.name ?? "" });
  if (notice.kind === "campaignMissed")
    return t("kinds.campaignMissed", { campaign: notice.campaign?.name ?? "" });
  if (notice.kind !== "unsubscribed" && notice.kind !== "resubscribed") return t("kinds.other");
  const all = notice.topics.length === 0;
  if (notice.kind === "unsubscribed")
    return all
      ? t.rich("kinds.unsubscribedAll", { name, who })
      : t.rich("kinds.unsubscribedTopic", { name, topics, who });
  return all
    ? t.rich("kinds.resubscribedAll", { name, who })
    : t.rich("kinds.resubscribedTopic", { name, topics, who });
}

const vias = ["page", "one_click", "mailto", "complaint", "undo", "staff"] as const;

/** How it happened, and where to look. */
function Circumstances({ notice }: { notice: NoticeRow }) {
  const t = useTranslations("notices");
  const via = vias.find((one) => one === notice.via);
  const stopped = notice.kind === "relayPaused" || notice.kind === "campaignPaused";
  const link =
    "rounded underline underline-offset-3 hover:text-ink pointer-coarse:inline-flex pointer-coarse:min-h-8 pointer-coarse:items-center";
  return (
    <>
      {via && ` · ${t(`vias.${via}`)}`}
      {stopped && <Stopped notice={notice} />}
      {notice.campaign && (
        <>
          {" · "}
          <Link href={`/campaigns/${notice.campaign.id}`} className={link}>
            {stopped || notice.kind === "campaignMissed"
              ? t("seeCampaign")
              : t("after", { campaign: notice.campaign.name })}
          </Link>
        </>
      )}
      {notice.receivedMailId && (
        <>
          {" · "}
          <Link href={`/received/${notice.receivedMailId}`} className={link}>
            {t("seeMail")}
          </Link>
        </>
      )}
      {notice.domain && (
        <>
          {" · "}
          <Link href="/relays/dkim" className={link}>
            {t("seeDkim")}
          </Link>
        </>
      )}
      {notice.relay && (
        <>
          {" · "}
          <Link href={`/relays/${notice.relay.id}`} className={link}>
            {t("seeRelay")}
          </Link>
        </>
      )}
    </>
  );
}

type Loose = { (key: string): string; has(key: string): boolean };

/** Why the engine stopped something, and until when if it resumes by itself. */
function Stopped({ notice: { reason, until } }: { notice: NoticeRow }) {
  const t = useTranslations("notices");
  const all = useTranslations() as unknown as Loose;
  const format = useFormatter();
  const places = ["relays.pauses", "campaigns.errors", "bounces.reasons"];
  const key = places.map((place) => `${place}.${reason}`).find((one) => all.has(one));
  return (
    <>
      {key && ` · ${all(key)}`}
      {until && ` · ${t("until", { at: format.dateTime(until, { dateStyle: "long", timeStyle: "short" }) })}`}
    </>
  );
}
