import { getTranslations } from "next-intl/server";
import { handler } from "#lib/gates/handler";
import { csvResponse } from "#lib/machine/csv";
import { exportContacts, journalExport } from "#lib/people/contacts/export";
import { contactSearch } from "#lib/people/contacts/schema";

/** The list as it is filtered, as a file; who took it is written down. */
export const GET = handler("contacts.export", async (request, user) => {
  const search = contactSearch.parse(Object.fromEntries(new URL(request.url).searchParams));
  const t = await getTranslations("contacts");
  const headings = (["name", "kind", "year", "address", "organisation", "city"] as const).map((key) =>
    t(`columns.${key}`),
  );
  const lines = exportContacts(search, [t("fields.firstName"), ...headings], (row) => [
    row.firstName,
    row.lastName,
    t(`kinds.${row.kind}`),
    row.graduationYear,
    row.address,
    row.organisation,
    row.city,
  ]);
  return csvResponse(lines, {
    filename: `${t("csv.filename")}.csv`,
    failure: (await getTranslations("errors"))("export"),
    journal: journalExport(user.id),
  });
});
