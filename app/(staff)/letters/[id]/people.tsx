import { Users, X } from "lucide-react";
import { useTranslations } from "next-intl";
import type { findDraft } from "#lib/letters/drafts/queries";
import { roles } from "#lib/letters/drafts/schema";
import { ActionButton } from "#ui/action-button";
import { Address } from "#ui/address";
import { Badge } from "#ui/badge";
import { Card } from "#ui/card";
import { Combobox } from "#ui/combobox";
import { Form, SubmitButton } from "#ui/form";
import { Select } from "#ui/select";
import { TextField } from "#ui/text-field";
import { add, choose, drop } from "../actions";

type Draft = NonNullable<Awaited<ReturnType<typeof findDraft>>>;
type Person = Draft["people"][number];

/** Whom it is to, who gets a copy, and whether they see each other. */
export function People({ draft }: { draft: Draft }) {
  const t = useTranslations("letters");
  const opposed = draft.people.filter(({ reason }) => reason !== null);
  const of = (role: Person["role"]) => draft.people.filter((person) => person.role === role);
  const several = of("to").length > 1;
  const copies = draft.people.length > of("to").length;
  return (
    <Card title={t("compose.people")}>
      <dl className="flex flex-col gap-3">
        {roles.map((role) => {
          const people = of(role);
          if (people.length === 0) return null;
          return (
            <div key={role} className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
              <dt className="text-sm font-medium">{t(`compose.roles.${role}`)}</dt>
              <dd className="min-w-0">
                <ul className="flex flex-wrap gap-2">
                  {people.map((person) => (
                    <Recipient key={person.id} person={person} mayLeave={role !== "to" || several} />
                  ))}
                </ul>
              </dd>
            </div>
          );
        })}
      </dl>
      {several && (
        <div className="mt-4 flex flex-wrap items-center gap-x-4 gap-y-2">
          <p className="text-sm text-soft">{draft.together ? t("compose.together") : t("compose.each")}</p>
          <ActionButton
            action={choose}
            fields={{ id: draft.id, together: draft.together ? "no" : "yes" }}
            namespace="letters"
            done={draft.together ? t("compose.each") : t("compose.together")}
            size="sm"
            icon={<Users aria-hidden />}
          >
            {draft.together ? t("compose.chooseEach") : t("compose.chooseTogether")}
          </ActionButton>
        </div>
      )}
      {several && copies && !draft.together && (
        <p className="mt-2 text-sm text-bad">{t("errors.copiesTogether")}</p>
      )}
      {draft.people.length > 1 && opposed.length > 0 && (
        <p className="mt-2 text-sm text-bad">{t("compose.left", { count: opposed.length })}</p>
      )}
      <Add draft={draft} />
    </Card>
  );
}

function Recipient({ person, mayLeave }: { person: Person; mayLeave: boolean }) {
  const t = useTranslations("letters");
  const name = person.name || person.address;
  return (
    <li className="flex max-w-full min-w-0 items-center gap-x-1 rounded-field border border-line px-3 py-1">
      <span className="flex min-w-0 flex-wrap items-center gap-x-2">
        <span className="min-w-0 font-medium [overflow-wrap:anywhere]">
          {person.name || <Address>{person.address}</Address>}
        </span>
        {person.name && (
          <span className="min-w-0 text-sm text-faint">
            <Address>{person.address}</Address>
          </span>
        )}
        <Opposed reason={person.reason} />
      </span>
      {mayLeave && (
        <ActionButton
          action={drop}
          fields={{ id: person.id }}
          namespace="letters"
          done={t("compose.dropped", { name })}
          size="sm"
          variant="ghost"
          icon={<X aria-hidden />}
          aria-label={t("compose.drop", { name })}
        />
      )}
    </li>
  );
}

/** An answer goes to whoever wrote: others get a copy of it. */
function Add({ draft }: { draft: Draft }) {
  const t = useTranslations("letters");
  const offered = draft.threadId === null ? roles : roles.filter((role) => role !== "to");
  return (
    <details className="mt-4">
      <summary className="inline-flex min-h-9 cursor-pointer items-center rounded-field text-sm font-medium text-brand-text underline underline-offset-3 pointer-coarse:min-h-11">
        {draft.threadId === null ? t("compose.add") : t("compose.addCopy")}
      </summary>
      <Form
        action={add}
        namespace="letters"
        done={t("compose.added")}
        resets
        className="mt-2 grid! items-end gap-3! sm:grid-cols-[auto_minmax(0,1fr)_minmax(0,1fr)_auto]"
      >
        <input type="hidden" name="id" value={draft.id} />
        <Select
          name="role"
          label={t("compose.role")}
          defaultValue={offered[0]}
          options={offered.map((role) => ({ value: role, label: t(`compose.roles.${role}`) }))}
        />
        <Combobox
          key={draft.people.length}
          name="contactId"
          label={t("compose.contact")}
          searchHref="/contacts/options"
        />
        <TextField name="address" type="email" label={t("compose.address")} maxLength={254} />
        <SubmitButton variant="secondary">{t("compose.addButton")}</SubmitButton>
      </Form>
    </details>
  );
}

const reasons = ["noAddress", "hardBounce", "complaint", "suppressed", "archived", "unsubscribed"] as const;

function Opposed({ reason }: { reason: string | null }) {
  const t = useTranslations("letters.reasons");
  if (!reason) return null;
  return <Badge tone="bad">{t(reasons.find((one) => one === reason) ?? "other")}</Badge>;
}
