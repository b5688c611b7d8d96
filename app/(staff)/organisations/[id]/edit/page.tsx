import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { gate } from "#lib/gates/session";
import { idOf } from "#lib/machine/asked";
import { findOrganisation } from "#lib/people/organisations/queries";
import { PageHeader } from "#ui/page-header";
import { edit } from "../../actions";
import { OrganisationForm } from "../../form";

export default async function EditOrganisationPage({ params }: { params: Promise<{ id: string }> }) {
  const id = idOf((await params).id) ?? 0;
  await gate("organisations.edit", `/organisations/${id}/edit`);
  const [t, organisation] = [await getTranslations("organisations"), await findOrganisation(id)];
  if (!organisation) notFound();
  return (
    <>
      <PageHeader
        title={t("editTitle", { name: organisation.name })}
        breadcrumbs={[
          { label: t("title"), href: "/organisations" },
          { label: organisation.name, href: `/organisations/${id}` },
        ]}
      />
      <OrganisationForm action={edit} organisation={organisation} />
    </>
  );
}
