import { getTranslations } from "next-intl/server";
import { gate } from "#lib/gates/session";
import { listColleagues } from "#lib/letters/threads/reader";
import { listSegments } from "#lib/people/segments/queries";
import { PageHeader } from "#ui/page-header";
import { create } from "../actions";
import { SourceForm } from "../form";

export default async function NewSourcePage() {
  await gate("sources.edit", "/sources/new");
  const t = await getTranslations("sources");
  return (
    <>
      <PageHeader title={t("new")} breadcrumbs={[{ label: t("title"), href: "/sources" }]} />
      <SourceForm action={create} colleagues={await listColleagues()} segments={await listSegments()} />
    </>
  );
}
