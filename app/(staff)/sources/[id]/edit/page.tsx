import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { gate } from "#lib/gates/session";
import { listColleagues } from "#lib/letters/threads/reader";
import { idOf } from "#lib/machine/asked";
import { listSegments } from "#lib/people/segments/queries";
import { findSource } from "#lib/sites/sources/queries";
import { PageHeader } from "#ui/page-header";
import { edit } from "../../actions";
import { SourceForm } from "../../form";

export default async function EditSourcePage({ params }: { params: Promise<{ id: string }> }) {
  const id = idOf((await params).id) ?? 0;
  await gate("sources.edit", `/sources/${id}/edit`);
  const [t, source] = [await getTranslations("sources"), await findSource(id)];
  if (!source) notFound();
  return (
    <>
      <PageHeader
        title={t("editTitle", { name: source.name })}
        breadcrumbs={[
          { label: t("title"), href: "/sources" },
          { label: source.name, href: `/sources/${id}` },
        ]}
      />
      <SourceForm
        action={edit}
        source={source}
        colleagues={await listColleagues()}
        segments={await listSegments()}
      />
    </>
  );
}
