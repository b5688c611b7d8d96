import { getTranslations } from "next-intl/server";
import { exportContacts, journalExport } from "#lib/contacts/export";
import { contactSearch } from "#lib/contacts/schema";
import { csvResponse } from "#lib/csv";
import { handler } from "#lib/handler";

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
