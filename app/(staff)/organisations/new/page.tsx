import { getTranslations } from "next-intl/server";
import { gate } from "#lib/gates/session";
import { PageHeader } from "#ui/page-header";
import { create } from "../actions";
import { OrganisationForm } from "../form";

export default async function NewOrganisationPage() {
  await gate("organisations.edit", "/organisations/new");
  const t = await getTranslations("organisations");
  return (
    <>
      <PageHeader title={t("new")} breadcrumbs={[{ label: t("title"), href: "/organisations" }]} />
      <OrganisationForm action={create} />
    </>
  );
}
