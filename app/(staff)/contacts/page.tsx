import { Download, UserPlus } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { may } from "#lib/department/permissions";
import { gate } from "#lib/gates/session";
import { listEvents } from "#lib/people/activities/events";
import { countContacts, listContacts, listYears } from "#lib/people/contacts/queries";
import { contactSearch } from "#lib/people/contacts/schema";
import { Card } from "#ui/card";
import { LinkButton } from "#ui/link-button";
import { PageHeader } from "#ui/page-header";
import { Pager } from "#ui/pager";
import { ContactFilters } from "./filters";
import { NoContacts } from "./none";
import { address } from "./search";
import { ForChosen } from "./selection";
import { ContactsTable } from "./table";

type Props = { searchParams: Promise<Record<string, string | string[] | undefined>> };

export default async function ContactsPage({ searchParams }: Props) {
  const user = await gate("contacts.read", "/contacts");
  const search = contactSearch.parse(await searchParams);
  const [t, page, total, years, events] = await Promise.all([
    getTranslations("contacts"),
    listContacts(search),
    countContacts(search),
    listYears(),
    listEvents(),
  ]);
  const writes = may(user.role, "letters.send");
  const edits = may(user.role, "contacts.edit");
  return (
    <>
      <PageHeader
        title={t("title")}
        lead={t("lead")}
        actions={
          <>
            {may(user.role, "contacts.export") && page.rows.length > 0 && (
              <LinkButton
                href={address(search, {}, "/contacts/export")}
                icon={<Download aria-hidden />}
                prefetch={false}
              >
                {t("export")}
              </LinkButton>
            )}
            {edits && (
              <LinkButton href="/contacts/new" variant="primary" icon={<UserPlus aria-hidden />}>
                {t("new")}
              </LinkButton>
            )}
          </>
        }
      />
      <ContactFilters search={search} years={years} />
      {writes && <ForChosen events={edits ? events : null} />}
      <Card flush>
        <ContactsTable
          writes={writes}
          rows={page.rows}
          search={search}
          empty={<NoContacts search={search} edits={edits} />}
        />
        <Pager
          previousHref={page.previous && address(search, { before: page.previous })}
          nextHref={page.next && address(search, { after: page.next })}
          summary={
            total.estimated ? t("countAbout", { count: total.count }) : t("count", { count: total.count })
          }
        />
      </Card>
    </>
  );
}
