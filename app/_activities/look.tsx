import {
  Archive,
  Building2,
  CalendarCheck,
  Download,
  Heart,
  Link2,
  Link2Off,
  Mail,
  MailCheck,
  MailQuestion,
  MailX,
  MessageSquareReply,
  MousePointerClick,
  Newspaper,
  Pencil,
  Phone,
  RotateCcw,
  Send,
  Square,
  SquareCheckBig,
  TriangleAlert,
  UserPlus,
} from "lucide-react";
import type { ReactNode } from "react";
import type { Moment } from "#lib/people/activities/queries";
import type { Tone } from "#ui/tone";

const icons: Record<string, ReactNode> = {
  came: <CalendarCheck />,
  "contact.created": <UserPlus />,
  "contact.updated": <Pencil />,
  "contact.archived": <Archive />,
  "contact.restored": <RotateCcw />,
  "contact.imported": <Download />,
  "bounce.hard": <MailX />,
  "bounce.soft": <MailQuestion />,
  complaint: <TriangleAlert />,
  "organisation.created": <Building2 />,
  "organisation.updated": <Pencil />,
  "organisation.archived": <Archive />,
  "organisation.restored": <RotateCcw />,
  "affiliation.added": <Link2 />,
  "affiliation.removed": <Link2Off />,
  "affiliation.ended": <Link2Off />,
  "pledge.called": <Phone />,
  "pledge.mailed": <Mail />,
  "pledge.thanked": <Heart />,
};

const deliveryTones: Record<string, Tone> = {
  sent: "good",
  failed: "bad",
  skipped: "neutral",
  unknown: "warn",
};

const wanted = ["subscribed", "resumed", "clicks_allowed"];

export function iconOf({ source, kind }: Moment): ReactNode {
  if (source === "delivery")
    return kind === "sent" ? <MailCheck /> : kind === "failed" ? <MailX /> : <Send />;
  if (source === "task") return kind === "open" ? <Square /> : <SquareCheckBig />;
  if (source === "mail") return <MessageSquareReply />;
  if (source === "click") return <MousePointerClick />;
  if (source === "subscription") return <Newspaper />;
  return icons[kind];
}

export function toneOf({ source, kind }: Moment): Tone {
  if (source === "delivery") return deliveryTones[kind] ?? "info";
  if (source === "task") return kind === "open" ? "neutral" : "good";
  if (source === "mail") return kind === "reply" ? "brand" : "neutral";
  if (source === "subscription") return wanted.includes(kind) ? "good" : "warn";
  if (kind === "came") return "brand";
  if (kind === "bounce.hard" || kind === "complaint") return "bad";
  return kind === "bounce.soft" ? "warn" : "neutral";
}
