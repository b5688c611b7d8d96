/** The permission table: who may do what. Every gate, action and handler names one of its lines. */
import type { Role } from "#db/enums";

const everyone: Role[] = ["administrator", "secretariat", "teacher", "reader"];
const editors: Role[] = ["administrator", "secretariat", "teacher"];
const keepers: Role[] = ["administrator", "secretariat"];
const administrators: Role[] = ["administrator"];

export const permissions = {
  "account.own": everyone,
  "dashboard.read": everyone,
  "help.read": everyone,
  "search.use": everyone,
  "contacts.read": everyone,
  "contacts.edit": keepers,
  "contacts.export": keepers,
  "contacts.erase": administrators,
  "organisations.read": everyone,
  "organisations.edit": keepers,
  "subscriptions.edit": keepers,
  "tasks.read": editors,
  "tasks.edit": editors,
  "campaigns.read": everyone,
  "campaigns.edit": editors,
  "campaigns.send": editors,
  "letters.read": editors,
  "letters.send": editors,
  "deliveries.settle": keepers,
  "segments.read": everyone,
  "segments.edit": editors,
  "sources.read": keepers,
  "sources.sync": keepers,
  "sources.edit": administrators,
  "received.read": keepers,
  "received.handle": keepers,
  // The answers to the campaigns that one has written oneself; of all, see received.read.
  "replies.read": editors,
  "notices.read": keepers,
  "notices.handle": keepers,
  "relays.read": administrators,
  "relays.edit": administrators,
  "sandbox.read": editors,
  "sandbox.clear": administrators,
  // Letters that carry a one-time link, with the link.
  "secrets.read": administrators,
  "users.read": administrators,
  "users.edit": administrators,
  "tax.read": everyone,
  "tax.edit": editors,
  "tax.export": keepers,
  "settings.edit": administrators,
  "privacy.manage": administrators,
  "audit.read": administrators,
  "installation.manage": administrators,
} as const satisfies Record<string, Role[]>;

export type Permission = keyof typeof permissions;

export const may = (role: Role, permission: Permission): boolean =>
  (permissions[permission] as readonly Role[]).includes(role);
