import { Plus, RefreshCw } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { may } from "#lib/department/permissions";
import { gate } from "#lib/gates/session";
import { listSources } from "#lib/sites/sources/queries";
import { Card } from "#ui/card";
import { EmptyState } from "#ui/empty-state";
import { LinkButton } from "#ui/link-button";
import { PageHeader } from "#ui/page-header";
import { FormatCard } from "./format";
import { SourcesTable } from "./table";

export default async function SourcesPage() {
  const user = await gate("sources.read", "/sources");
  const [t, sources] = [await getTranslations("sources"), await listSources()];
  const edits = may(user.role, "sources.edit");
  const add = edits && (
    <LinkButton href="/sources/new" variant="primary" icon={<Plus aria-hidden />}>
      {t("new")}
    </LinkButton>
  );
  return (
    <>
      <PageHeader title={t("title")} lead={t("lead")} actions={sources.length > 0 && add} />
      <div className="flex flex-col gap-6">
        <Card flush>
          <SourcesTable
            sources={sources}
            syncs={may(user.role, "sources.sync")}
            empty={
              <EmptyState icon={<RefreshCw />} title={t("emptyTitle")} actions={add}>
                {t("emptyText")} {!edits && t("emptyAsk")}
              </EmptyState>
            }
          />
        </Card>
        <FormatCard />
      </div>
    </>
  );
}
