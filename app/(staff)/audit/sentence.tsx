import Link from "next/link";
import { useFormatter, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { auditActions, auditSubjects } from "#lib/department/audit/actions";
import type { AuditRow } from "#lib/department/audit/queries";
import { fromWallClock } from "#lib/machine/paris";
import { ruleNames } from "#lib/office/privacy/rules";
import { roles } from "#lib/office/users/schema";
import { pledgeStates } from "#lib/tax/pledges/rules";
import { useFieldNames } from "../../_activities/field-names";

/** « Maud Servant a archivé Élodie Durand »: an act of the journal, its names leading to what they name. */
export function Sentence({ row }: { row: AuditRow }) {
  const t = useTranslations("audit");
  const facts = useFacts()(row);
  const action = auditActions.find((known) => known === row.action);
  // What a later version wrote, read by an earlier one.
  if (!action) return t("unknown", { who: facts.who, action: row.action });
  const other = typeof row.data.contactId === "number" ? `/contacts/${row.data.contactId}` : null;
  return t.rich(`sentences.${action}`, {
    ...facts,
    what: (name) => <Named href={hrefOf(row)}>{name}</Named>,
    other: (name) => <Named href={row.other ? other : null}>{name}</Named>,
  });
}

function Named({ href, children }: { href: string | null; children: ReactNode }) {
  if (!href) return <span className="font-medium">{children}</span>;
  return (
    <Link
      href={href}
      className="font-medium text-brand-text underline decoration-line underline-offset-3 hover:decoration-current"
    >
      {children}
    </Link>
  );
}

/** Everything a sentence may want; what an act did not note has a neutral value. */
function useFacts() {
  const t = useTranslations("audit");
  const role = useTranslations("users.roles");
  const rules = useTranslations("privacy.rules");
  const states = useTranslations("pledges.states");
  const format = useFormatter();
  const fieldNames = useFieldNames();
  return ({ user, name, subject, subjectId, other, data, network }: AuditRow) => {
    const noun = auditSubjects.find((known) => known === subject);
    const given = roles.find((known) => known === data.role);
    const fields = fieldNames(data);
    const rule = ruleNames.find((known) => known === data.rule);
    const at = typeof data.at === "string" ? fromWallClock(data.at) : null;
    const state = pledgeStates.find((known) => known === data.to);
    const number = (key: string) => Number(data[key]) || 0;
    return {
      who: user ?? t("system"),
      name: name ?? t("unnamed", { subject: noun ? t(`one.${noun}`) : subject, id: String(subjectId ?? "") }),
      otherName: other ?? t("someone"),
      role: given ?? "none",
      roleName: given ? role(given) : "",
      fields,
      count: fields === "" ? 0 : 1,
      day: at ? format.dateTime(at, { dateStyle: "long", timeStyle: "short" }) : "",
      domain: String(data.domain ?? ""),
      account: data.account === true ? "yes" : "no",
      decision: String(data.decision ?? ""),
      recipients: number("recipients"),
      settled: number("settled"),
      opened: number("count"),
      sessions: number("sessions"),
      days: number("days"),
      rule: rule ? rules(`${rule}.name`) : "",
      before: number("before"),
      after: number("after"),
      reason: String(data.reason ?? ""),
      state: state ? states(state) : "",
      browser: String(data.browser ?? "") || t("unknownBrowser"),
      network: network ?? "none",
    };
  };
}

/** Where what an act is about is found; null once it is gone. */
function hrefOf({ subject, subjectId, name, data, campaignId }: AuditRow): string | null {
  switch (subject) {
    case "settings":
      return "/settings";
    case "privacy":
      return "/privacy";
    case "opposition":
      return "/oppositions";
    case "installation":
      return "/installation";
    case "sandbox":
      return "/sandbox";
    case "domain":
      return "/relays/dkim";
    case "image":
    case "file":
      return name && `/api/${subject}s/${data.name}`;
    case "letter":
      return "/inbox";
    case "thread":
      return name && `/inbox/${subjectId}`;
    case "delivery":
      return campaignId === null ? "/deliveries/unknown" : `/campaigns/${campaignId}/deliveries/${subjectId}`;
    case "user":
      return name && "/users";
    case "contact":
      return subjectId === null ? "/contacts" : name && `/contacts/${subjectId}`;
    case "organisation":
    case "campaign":
    case "pledge":
    case "relay":
    case "segment":
    case "source":
    case "task":
      return name && `/${subject}s/${subjectId}`;
    default:
      return null;
  }
}
