import { getTranslations } from "next-intl/server";
import { gate } from "#lib/gates/session";
import { Card } from "#ui/card";
import { PageHeader } from "#ui/page-header";
import { ImportForm } from "./form";

/** A list kept elsewhere: looked at first, then written. */
export default async function ImportOppositionsPage() {
  await gate("subscriptions.edit", "/oppositions/import");
  const t = await getTranslations("oppositions");
  return (
    <>
      <PageHeader
        title={t("importTitle")}
        lead={t("importLead")}
        breadcrumbs={[{ label: t("title"), href: "/oppositions" }]}
      />
      <Card>
        <ImportForm />
      </Card>
    </>
  );
}
