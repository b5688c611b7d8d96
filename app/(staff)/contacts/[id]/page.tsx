import { Archive, Pencil, PenLine, RotateCcw, Undo2 } from "lucide-react";
import { notFound } from "next/navigation";
import { useTranslations } from "next-intl";
import { getLocale, getTranslations } from "next-intl/server";
import { ActivityTimeline } from "#app/_activities/timeline.tsx";
import { may } from "#lib/department/permissions";
import { gate } from "#lib/gates/session";
import { idOf } from "#lib/machine/asked";
import { formatDate } from "#lib/machine/format";
import { listEvents } from "#lib/people/activities/events";
import { listContactTimeline, type Moment } from "#lib/people/activities/queries";
import { findContact, listStops, listSubscriptions } from "#lib/people/contacts/queries";
import { findInterest } from "#lib/people/contacts/signs";
import { listMayWrite } from "#lib/people/suppressions/queries";
import { ActionButton } from "#ui/action-button";
import { Alert } from "#ui/alert";
import { Badge } from "#ui/badge";
import { LinkButton } from "#ui/link-button";
import { PageHeader } from "#ui/page-header";
import { TasksAbout } from "../../_tasks/about";
import { write } from "../../letters/actions";
import { archive, restore, takeBack } from "../actions";
import { Came } from "../came";
import { Addresses } from "./addresses";
import { Affiliations } from "./affiliations";
import { Details } from "./details";
import { Erase } from "./erase";
import { Interest } from "./interest";
import { Subscriptions } from "./subscriptions";

type Props = { params: Promise<{ id: string }>; searchParams: Promise<{ after?: string; before?: string }> };

export default async function ContactPage({ params, searchParams }: Props) {
  const id = idOf((await params).id) ?? 0;
  const user = await gate("contacts.read", `/contacts/${id}`);
  const [t, locale, contact] = [await getTranslations("contacts"), await getLocale(), await findContact(id)];
  if (!contact) notFound();
  const [subscriptions, stops, mayWrite, interest, timeline, events] = await Promise.all([
    listSubscriptions(id),
    listStops(id),
    Promise.all((["letter", "answer"] as const).map((purpose) => listMayWrite([id], purpose))),
    findInterest(id),
    listContactTimeline(id, await searchParams),
    listEvents(),
  ]);
  const name = `${contact.firstName} ${contact.lastName}`.trim();
  const edits = may(user.role, "contacts.edit");
  return (
    <>
      <PageHeader
        title={name}
        breadcrumbs={[{ label: t("title"), href: "/contacts" }]}
        aside={<Badge tone="brand">{t(`kinds.${contact.kind}`)}</Badge>}
        actions={
          !contact.archivedAt && (
            <>
              {may(user.role, "letters.send") && contact.addresses.length > 0 && <Write id={id} />}
              {edits && (
                <>
                  <LinkButton href={`/contacts/${id}/edit`} icon={<Pencil aria-hidden />}>
                    {t("edit")}
                  </LinkButton>
                  <ActionButton
                    action={archive}
                    fields={{ id }}
                    namespace="contacts"
                    done={t("archived")}
                    icon={<Archive aria-hidden />}
                  >
                    {t("archive")}
                  </ActionButton>
                </>
              )}
            </>
          )
        }
      />
      {contact.archivedAt && (
        <div className="mb-6">
          <Alert
            tone="warn"
            title={t("archivedTitle", { date: formatDate(contact.archivedAt, locale) })}
            actions={
              edits && (
                <ActionButton
                  action={restore}
                  fields={{ id }}
                  namespace="contacts"
                  done={t("restored")}
                  icon={<RotateCcw aria-hidden />}
                >
                  {t("restore")}
                </ActionButton>
              )
            }
          >
            {t("archivedText")}
          </Alert>
        </div>
      )}
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
        <div className="flex min-w-0 flex-col gap-6">
          <Addresses
            contact={contact}
            stops={stops}
            mayWrite={mayWrite.map(([row]) => row?.reason ?? null)}
            edits={edits}
          />
          <Subscriptions
            contactId={id}
            subscriptions={subscriptions}
            edits={may(user.role, "subscriptions.edit")}
          />
          <TasksAbout user={user} about={{ contactId: id }} />
          {interest && (
            <Interest interest={interest} readsMail={may(user.role, "received.read")}>
              {edits && !contact.archivedAt && <Came contacts={[id]} events={events} />}
            </Interest>
          )}
          <Affiliations contact={contact} edits={edits} />
          <Details contact={contact} />
          {may(user.role, "contacts.erase") && (
            <div>
              <Erase id={id} name={name} />
            </div>
          )}
        </div>
        <ActivityTimeline page={timeline} path={`/contacts/${id}`} acts={edits ? takesBack : undefined} />
      </div>
    </>
  );
}

/** Beside a moment that a click takes back. */
const takesBack = (moment: Moment) => moment.kind === "came" && <DidNotCome id={moment.id} />;

function DidNotCome({ id }: { id: number }) {
  const t = useTranslations("contacts.came");
  return (
    <ActionButton
      action={takeBack}
      fields={{ ids: id }}
      namespace="contacts"
      done={t("takenBack")}
      size="sm"
      variant="ghost"
      icon={<Undo2 aria-hidden />}
    >
      {t("takeBack")}
    </ActionButton>
  );
}

function Write({ id }: { id: number }) {
  const t = useTranslations("letters");
  return (
    <ActionButton
      action={write}
      fields={{ contacts: id }}
      namespace="letters"
      done={t("continueDraft")}
      icon={<PenLine aria-hidden />}
    >
      {t("write")}
    </ActionButton>
  );
}
