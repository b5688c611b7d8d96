import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { gate } from "#lib/gates/session";
import { idOf } from "#lib/machine/asked";
import { findContact } from "#lib/people/contacts/queries";
import { PageHeader } from "#ui/page-header";
import { edit } from "../../actions";
import { ContactForm } from "../../form";

export default async function EditContactPage({ params }: { params: Promise<{ id: string }> }) {
  const id = idOf((await params).id) ?? 0;
  await gate("contacts.edit", `/contacts/${id}/edit`);
  const [t, contact] = [await getTranslations("contacts"), await findContact(id)];
  if (!contact) notFound();
  const name = `${contact.firstName} ${contact.lastName}`.trim();
  return (
    <>
      <PageHeader
        title={t("editTitle", { name })}
        breadcrumbs={[
          { label: t("title"), href: "/contacts" },
          { label: name, href: `/contacts/${id}` },
        ]}
      />
      <ContactForm action={edit} contact={contact} />
    </>
  );
}
