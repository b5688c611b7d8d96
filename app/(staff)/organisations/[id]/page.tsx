import { Archive, HandCoins, Pencil, PenLine, RotateCcw } from "lucide-react";
import { notFound } from "next/navigation";
import { useTranslations } from "next-intl";
import { getLocale, getTranslations } from "next-intl/server";
import { ActivityTimeline } from "#app/_activities/timeline.tsx";
import { may } from "#lib/department/permissions";
import { gate } from "#lib/gates/session";
import { mostRecipients } from "#lib/letters/drafts/schema";
import { idOf } from "#lib/machine/asked";
import { formatDate } from "#lib/machine/format";
import { listOrganisationTimeline } from "#lib/people/activities/queries";
import { findOrganisation, listPeople } from "#lib/people/organisations/queries";
import { ActionButton } from "#ui/action-button";
import { Alert } from "#ui/alert";
import { LinkButton } from "#ui/link-button";
import { PageHeader } from "#ui/page-header";
import { TasksAbout } from "../../_tasks/about";
import { write } from "../../letters/actions";
import { archive, restore } from "../actions";
import { Details } from "./details";
import { People } from "./people";

type Props = { params: Promise<{ id: string }>; searchParams: Promise<{ after?: string; before?: string }> };

export default async function OrganisationPage({ params, searchParams }: Props) {
  const id = idOf((await params).id) ?? 0;
  const user = await gate("organisations.read", `/organisations/${id}`);
  const [t, c, locale, organisation] = [
    await getTranslations("organisations"),
    await getTranslations("pledges.company"),
    await getLocale(),
    await findOrganisation(id),
  ];
  if (!organisation) notFound();
  const [people, timeline] = await Promise.all([
    listPeople(id),
    listOrganisationTimeline(id, await searchParams),
  ]);
  const edits = may(user.role, "organisations.edit");
  const act = { fields: { id }, namespace: "organisations" };
  return (
    <>
      <PageHeader
        title={organisation.name}
        breadcrumbs={[{ label: t("title"), href: "/organisations" }]}
        actions={
          <>
            {may(user.role, "tax.read") && (
              <LinkButton href={`/organisations/${id}/tax`} icon={<HandCoins aria-hidden />}>
                {c("see")}
              </LinkButton>
            )}
            {may(user.role, "letters.send") && <WriteToPeople people={people} />}
            {edits && !organisation.archivedAt && (
              <>
                <LinkButton href={`/organisations/${id}/edit`} icon={<Pencil aria-hidden />}>
                  {t("edit")}
                </LinkButton>
                <ActionButton {...act} action={archive} done={t("archived")} icon={<Archive aria-hidden />}>
                  {t("archive")}
                </ActionButton>
              </>
            )}
          </>
        }
      />
      {organisation.archivedAt && (
        <div className="mb-6">
          <Alert
            tone="warn"
            title={t("archivedTitle", { date: formatDate(organisation.archivedAt, locale) })}
            actions={
              edits && (
                <ActionButton {...act} action={restore} done={t("restored")} icon={<RotateCcw aria-hidden />}>
                  {t("restore")}
                </ActionButton>
              )
            }
          >
            {t("archivedText")}
          </Alert>
        </div>
      )}
      <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <div className="flex min-w-0 flex-col gap-6">
          <People organisationId={id} people={people} edits={edits} />
          <ActivityTimeline page={timeline} path={`/organisations/${id}`} ofOrganisation />
        </div>
        <div className="flex min-w-0 flex-col gap-6">
          <TasksAbout user={user} about={{ organisationId: id }} />
          <Details organisation={organisation} />
        </div>
      </div>
    </>
  );
}

type Linked = Awaited<ReturnType<typeof listPeople>>;

/** A letter to whoever is there now; more than a letter goes to, it says so. */
function WriteToPeople({ people }: { people: Linked }) {
  const t = useTranslations("letters");
  const present = people.filter(({ endedAt, contact }) => !endedAt && !contact.archivedAt);
  const contacts = [...new Set(present.map(({ contact }) => contact.id))]
    .slice(0, mostRecipients + 1)
    .join(",");
  if (contacts === "") return null;
  return (
    <ActionButton
      action={write}
      fields={{ contacts }}
      namespace="letters"
      done={t("continueDraft")}
      icon={<PenLine aria-hidden />}
    >
      {t("write")}
    </ActionButton>
  );
}
