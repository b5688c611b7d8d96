import { Download, KeyRound } from "lucide-react";
import { notFound } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { gate } from "#lib/gates/session";
import { idOf } from "#lib/machine/asked";
import { findSource } from "#lib/sites/sources/queries";
import { Alert } from "#ui/alert";
import { Button } from "#ui/button";
import { Card } from "#ui/card";
import { PageHeader } from "#ui/page-header";
import { CheckSite } from "./check-site";
import { MappingForm } from "./mapping";

export default async function ScriptPage({ params }: { params: Promise<{ id: string }> }) {
  const id = idOf((await params).id) ?? 0;
  await gate("sources.edit", `/sources/${id}/script`);
  const [t, source] = [await getTranslations("sources"), await findSource(id)];
  if (!source || source.archivedAt) notFound();
  const { count, waiting } = source.secrets;
  return (
    <>
      <PageHeader
        title={t("script.title", { name: source.name })}
        lead={t("script.lead")}
        breadcrumbs={[
          { label: t("title"), href: "/sources" },
          { label: source.name, href: `/sources/${id}` },
        ]}
      />
      {source.access !== "signed" && (
        <Alert tone="warn" className="mb-6">
          {t("script.signedFirst")}
        </Alert>
      )}
      <div className="grid items-start gap-6 lg:grid-cols-2">
        <MappingForm id={id} mapping={source.mapping} />
        <div className="flex min-w-0 flex-col gap-6">
          <Card title={t("script.downloadTitle")} description={t("script.downloadText")}>
            <p className="mb-4 text-sm text-soft">
              {waiting ? t("script.keyWaiting") : count > 0 ? t("script.keyUsed") : t("script.keyNone")}
            </p>
            <form
              action={`/sources/${id}/script/download`}
              method="post"
              className="flex flex-wrap items-start gap-2"
            >
              <Button
                type="submit"
                name="what"
                value="script"
                variant="primary"
                icon={<Download aria-hidden />}
              >
                {t("script.download")}
              </Button>
              <Button type="submit" name="what" value="key" icon={<KeyRound aria-hidden />}>
                {t("script.secretOnly")}
              </Button>
            </form>
            <p className="mt-3 text-sm text-soft">{t("script.secretOnlyHint")}</p>
          </Card>
          <Card title={t("script.checkTitle")} description={t("script.checkText")}>
            <CheckSite id={id} />
          </Card>
        </div>
      </div>
    </>
  );
}
