import {
  AlarmClock,
  Ban,
  CalendarX2,
  CircleHelp,
  CirclePause,
  CirclePower,
  Flag,
  Hourglass,
  Link2Off,
  ListChecks,
  MailWarning,
  MailX,
  MessageSquareReply,
  RefreshCwOff,
  UserMinus,
  UserPen,
} from "lucide-react";
import Link from "next/link";
import { useFormatter, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { Role } from "#db/enums";
import { may } from "#lib/department/permissions";
import { type Concern, most } from "#lib/office/dashboard/attention";
import { Badge } from "#ui/badge";
import { Card } from "#ui/card";
import { cx } from "../../_ui/class";
import { softTone, type Tone } from "../../_ui/tone";

type Kind = Concern["kind"];

const looks: Record<Kind, { icon: ReactNode; tone: Tone }> = {
  workerSilent: { icon: <CirclePower />, tone: "bad" },
  noWayBack: { icon: <Link2Off />, tone: "bad" },
  relayPaused: { icon: <CirclePause />, tone: "warn" },
  campaignPaused: { icon: <CirclePause />, tone: "warn" },
  campaignMissed: { icon: <CalendarX2 />, tone: "warn" },
  campaignWaiting: { icon: <Hourglass />, tone: "info" },
  launchRefused: { icon: <Ban />, tone: "bad" },
  unknown: { icon: <CircleHelp />, tone: "warn" },
  unknownLetters: { icon: <CircleHelp />, tone: "warn" },
  mailboxError: { icon: <MailWarning />, tone: "bad" },
  syncFailed: { icon: <RefreshCwOff />, tone: "bad" },
  syncWaiting: { icon: <ListChecks />, tone: "warn" },
  replies: { icon: <MessageSquareReply />, tone: "brand" },
  corrections: { icon: <UserPen />, tone: "info" },
  complaints: { icon: <Flag />, tone: "warn" },
  hardBounces: { icon: <MailX />, tone: "warn" },
  unsubscribed: { icon: <UserMinus />, tone: "neutral" },
  scheduled: { icon: <AlarmClock />, tone: "info" },
};

/** Where each is solved. */
const places: Record<Kind, (id: number | null, role: Role) => string> = {
  workerSilent: () => "/help",
  noWayBack: (_, role) => (may(role, "settings.edit") ? "/settings" : "/help"),
  relayPaused: (id, role) => (may(role, "relays.read") ? `/relays/${id}` : "/campaigns"),
  campaignPaused: (id) => `/campaigns/${id}`,
  campaignMissed: (id) => `/campaigns/${id}`,
  campaignWaiting: (id) => `/campaigns/${id}`,
  launchRefused: (id) => `/campaigns/${id}`,
  unknown: (id) => `/campaigns/${id}/unknown`,
  unknownLetters: () => "/deliveries/unknown",
  mailboxError: (id) => `/relays/${id}`,
  syncFailed: (id) => `/sources/${id}`,
  syncWaiting: (id) => `/sources/runs/${id}`,
  replies: () => "/inbox",
  corrections: () => "/received/corrections",
  complaints: () => "/notices",
  hardBounces: () => "/received?view=bounces",
  unsubscribed: () => "/notices",
  scheduled: (id) => `/campaigns/${id}`,
};

export function Attention({ concerns, role }: { concerns: Concern[]; role: Role }) {
  const t = useTranslations("dashboard.attention");
  return (
    <Card
      flush
      title={t("title")}
      actions={concerns.length > 0 && <Badge>{t("count", { count: concerns.length })}</Badge>}
    >
      {concerns.length === 0 ? (
        <p className="px-5 pb-5 text-soft">{t(may(role, "received.read") ? "nothing" : "nothingOfYours")}</p>
      ) : (
        <ul className="divide-y divide-line border-t border-line">
          {concerns.map((concern) => (
            <Row key={`${concern.kind}-${concern.id}`} concern={concern} role={role} />
          ))}
        </ul>
      )}
    </Card>
  );
}

function Row({ concern, role }: { concern: Concern; role: Role }) {
  const { icon, tone } = looks[concern.kind];
  const words = useWords(concern);
  return (
    <li className="relative flex items-start gap-3.5 px-5 py-3 transition-colors hover:bg-sunken/50">
      <span
        aria-hidden
        className={cx(
          "mt-0.5 flex size-8 shrink-0 items-center justify-center rounded-full [&_svg]:size-4",
          softTone[tone],
        )}
      >
        {icon}
      </span>
      <div className="min-w-0">
        <Link
          href={places[concern.kind](concern.id, role)}
          className="rounded font-medium underline-offset-3 after:absolute after:inset-0 hover:text-brand-text hover:underline"
        >
          {words.title}
        </Link>
        <p className="text-sm text-soft">{words.text}</p>
      </div>
    </li>
  );
}

function useWords({ kind, who, count, reason, at }: Concern): { title: string; text: string } {
  const t = useTranslations("dashboard.attention");
  const format = useFormatter();
  const because = useReason();
  const values = {
    who: who ?? "",
    count,
    reason: because(kind, reason),
    at: at ? format.dateTime(at, { day: "numeric", month: "long", hour: "numeric", minute: "numeric" }) : "",
    time: at ? format.dateTime(at, { hour: "numeric", minute: "numeric" }) : "",
  };
  const many = `${kind}Many` as "repliesMany";
  const title = count > most && t.has(many) ? t(many) : t(kind, values);
  return { title, text: t(textOf({ kind, reason, at }), values) };
}

/** What is silent says since when; what was paused without an end says who must act. */
function textOf({ kind, reason, at }: Pick<Concern, "kind" | "reason" | "at">) {
  if (kind === "workerSilent" && at) return "workerSilentSince" as const;
  if (kind === "relayPaused" && reason === "staff") return "relayPausedStaff" as const;
  if (kind === "relayPaused" && !at) return "relayPausedEndless" as const;
  return `${kind}Text` as const;
}

/** A reason key, in words: launches and syncs have theirs in their own catalogs, machines in ours. */
function useReason() {
  const t = useTranslations("dashboard.reasons");
  const campaigns = useTranslations("campaigns.errors");
  const sources = useTranslations("sources.refusal");
  return (kind: Kind, reason: string | null): string => {
    const key = reason ?? "other";
    if (kind === "launchRefused" && campaigns.has(key as "notReady")) return campaigns(key as "notReady");
    if (kind === "syncFailed" && sources.has(`${key}.cure` as "timeout.cure"))
      return sources(`${key}.cure` as "timeout.cure");
    return t.has(key as "other") ? t(key as "other") : t("other");
  };
}
