import { getTranslations } from "next-intl/server";
import { gate } from "#lib/gates/session";
import { PageHeader } from "#ui/page-header";
import { create } from "../actions";
import { ContactForm } from "../form";

export default async function NewContactPage() {
  await gate("contacts.edit", "/contacts/new");
  const t = await getTranslations("contacts");
  return (
    <>
      <PageHeader title={t("new")} breadcrumbs={[{ label: t("title"), href: "/contacts" }]} />
      <ContactForm action={create} />
    </>
  );
}
