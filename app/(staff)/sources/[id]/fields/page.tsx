import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { gate } from "#lib/gates/session";
import { idOf } from "#lib/machine/asked";
import { findSource } from "#lib/sites/sources/queries";
import { PageHeader } from "#ui/page-header";
import { Fields } from "./fields";

export default async function FieldsPage({ params }: { params: Promise<{ id: string }> }) {
  const id = idOf((await params).id) ?? 0;
  await gate("sources.edit", `/sources/${id}/fields`);
  const [t, source] = [await getTranslations("sources"), await findSource(id)];
  if (!source || source.archivedAt) notFound();
  return (
    <>
      <PageHeader
        title={t("dialect.title", { name: source.name })}
        lead={t("dialect.lead")}
        breadcrumbs={[
          { label: t("title"), href: "/sources" },
          { label: source.name, href: `/sources/${id}` },
        ]}
      />
      <Fields id={id} dialect={source.dialect} asks={Boolean(source.url) && source.access !== "signed"} />
    </>
  );
}
