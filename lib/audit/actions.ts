/**
 * Every act the journal knows, `<noun>.<past participle>`. The type of recordAudit refuses another, and a test wants a
 * sentence for each in both languages (`sentences` of the catalog `audit`).
 */
export const auditActions = [
  "affiliation.added",
  "affiliation.removed",
  "campaign.cancelled",
  "campaign.exported",
  "campaign.exportFailed",
  "campaign.launched",
  "campaign.paused",
  "campaign.resumed",
  "campaign.scheduled",
  "campaign.settled",
  "campaign.unscheduled",
  "contact.archived",
  "contact.created",
  "contact.erased",
  "contact.erasureApproved",
  "contact.kept",
  "contact.restored",
  "contact.updated",
  "contacts.exported",
  "contacts.exportFailed",
  "delivery.settled",
  "file.added",
  "image.added",
  "organisation.archived",
  "organisation.created",
  "organisation.restored",
  "organisation.updated",
  "privacy.clockConfirmed",
  "privacy.ruleSet",
  "relay.domainForgot",
  "relay.domainLimits",
  "relay.domainRemoved",
  "relay.fallbackAdded",
  "relay.fallbackMoved",
  "relay.fallbackRemoved",
  "relay.forgot",
  "relay.limits",
  "relay.paused",
  "relay.resumed",
  "relay.warmUpStarted",
  "relay.warmUpStopped",
  "settings.branding",
  "settings.legal",
  "source.archived",
  "source.created",
  "source.edited",
  "source.restored",
  "source.uploaded",
  "subscription.ended",
  "subscription.started",
  "user.created",
  "user.disabled",
  "user.enabled",
  "user.invited",
  "user.password",
  "user.role",
  "user.signedIn",
  "user.signedOut",
  "user.signInRefused",
] as const;
export type AuditAction = (typeof auditActions)[number];

/** The acts upon one noun: `ActsOn<"relay">` is "paused", "resumed"… */
export type ActsOn<N extends string> = AuditAction extends infer A
  ? A extends `${N}.${infer V}`
    ? V
    : never
  : never;

/** What an act is about: a kind the journal can be filtered by. */
export const auditSubjects = [
  "campaign",
  "contact",
  "delivery",
  "file",
  "image",
  "organisation",
  "privacy",
  "relay",
  "settings",
  "source",
  "user",
] as const;
export type AuditSubject = (typeof auditSubjects)[number];
