import {
  BookOpen,
  Building2,
  Fingerprint,
  FlaskConical,
  HandCoins,
  HardDrive,
  History,
  Inbox,
  Landmark,
  LayoutDashboard,
  ListFilter,
  ListTodo,
  Megaphone,
  MessagesSquare,
  RefreshCw,
  Send,
  Settings,
  ShieldBan,
  ShieldCheck,
  UsersRound,
} from "lucide-react";
import type { ReactNode } from "react";
import type { Role } from "#db/enums";
import { may, type Permission } from "#lib/department/permissions";

export type EntryName =
  | "dashboard"
  | "tasks"
  | "contacts"
  | "organisations"
  | "pledges"
  | "transfers"
  | "campaigns"
  | "segments"
  | "sources"
  | "inbox"
  | "received"
  | "oppositions"
  | "sandbox"
  | "relays"
  | "users"
  | "audit"
  | "settings"
  | "installation"
  | "privacy"
  | "help";

export type Entry = { name: EntryName; href: string; permission: Permission; icon: ReactNode };
export type Group = { name: "people" | "communication" | "administration" | null; entries: Entry[] };

const groups: Group[] = [
  {
    name: null,
    entries: [
      { name: "dashboard", href: "/", permission: "dashboard.read", icon: <LayoutDashboard /> },
      { name: "tasks", href: "/tasks", permission: "tasks.read", icon: <ListTodo /> },
    ],
  },
  {
    name: "people",
    entries: [
      { name: "contacts", href: "/contacts", permission: "contacts.read", icon: <UsersRound /> },
      {
        name: "organisations",
        href: "/organisations",
        permission: "organisations.read",
        icon: <Building2 />,
      },
      { name: "pledges", href: "/pledges", permission: "tax.read", icon: <HandCoins /> },
      { name: "transfers", href: "/transfers", permission: "tax.read", icon: <Landmark /> },
      { name: "sources", href: "/sources", permission: "sources.read", icon: <RefreshCw /> },
    ],
  },
  {
    name: "communication",
    entries: [
      { name: "campaigns", href: "/campaigns", permission: "campaigns.read", icon: <Megaphone /> },
      { name: "segments", href: "/segments", permission: "segments.read", icon: <ListFilter /> },
      { name: "inbox", href: "/inbox", permission: "letters.read", icon: <MessagesSquare /> },
      { name: "received", href: "/received", permission: "received.read", icon: <Inbox /> },
      {
        name: "oppositions",
        href: "/oppositions",
        permission: "subscriptions.edit",
        icon: <ShieldBan />,
      },
      { name: "sandbox", href: "/sandbox", permission: "sandbox.read", icon: <FlaskConical /> },
    ],
  },
  {
    name: "administration",
    entries: [
      { name: "relays", href: "/relays", permission: "relays.read", icon: <Send /> },
      { name: "users", href: "/users", permission: "users.read", icon: <ShieldCheck /> },
      { name: "audit", href: "/audit", permission: "audit.read", icon: <History /> },
      { name: "privacy", href: "/privacy", permission: "privacy.manage", icon: <Fingerprint /> },
      { name: "settings", href: "/settings", permission: "settings.edit", icon: <Settings /> },
      { name: "installation", href: "/installation", permission: "installation.manage", icon: <HardDrive /> },
    ],
  },
  { name: null, entries: [{ name: "help", href: "/help", permission: "help.read", icon: <BookOpen /> }] },
];

/** The groups and entries a role may open; empty groups are left out. */
export function navigationFor(role: Role): Group[] {
  return groups
    .map((group) => ({ ...group, entries: group.entries.filter((entry) => may(role, entry.permission)) }))
    .filter((group) => group.entries.length > 0);
}
