import { getTranslations } from "next-intl/server";
import { handler } from "#lib/gates/handler";
import { idOf } from "#lib/machine/asked";
import { csvResponse } from "#lib/machine/csv";
import { correctionsCsv, correctionsXml, journalCorrections } from "#lib/sites/sources/corrections";
import { findSource } from "#lib/sites/sources/queries";

/** What was corrected here, for the site's webmaster, as CSV or XML; who took it is written down. */
export const GET = handler("contacts.export", async (request, user, params) => {
  const source = await findSource(idOf(params.id) ?? 0);
  if (!source) return new Response(null, { status: 404 });
  const t = await getTranslations("sources.corrections");
  const xml = new URL(request.url).searchParams.get("format") === "xml";
  const headings = (["id", "field", "before", "after", "at"] as const).map((key) => t(`columns.${key}`));
  const lines = xml ? correctionsXml(source.id, source.key) : correctionsCsv(source.id, headings);
  return csvResponse(lines, {
    filename: `corrections-${source.key}.${xml ? "xml" : "csv"}`,
    type: xml ? "application/xml" : undefined,
    failure: (await getTranslations("errors"))("export"),
    journal: journalCorrections(source.id, user.id),
  });
});
