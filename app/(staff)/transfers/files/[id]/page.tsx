import { notFound } from "next/navigation";
import { getLocale, getTranslations } from "next-intl/server";
import { may } from "#lib/department/permissions";
import { gate } from "#lib/gates/session";
import { idOf } from "#lib/machine/asked";
import { formatDateTime } from "#lib/machine/format";
import { previewFile } from "#lib/tax/transfers/preview";
import { findFile } from "#lib/tax/transfers/queries";
import { mappingInput } from "#lib/tax/transfers/schema";
import { Alert } from "#ui/alert";
import { Card } from "#ui/card";
import { PageHeader } from "#ui/page-header";
import { Columns } from "./columns";
import { Faults } from "./faults";
import { FirstRows } from "./first-rows";
import { Store } from "./store";

type Props = {
  params: Promise<{ id: string }>;
  searchParams: Promise<Record<string, string | string[] | undefined>>;
};

/** What a file would write, before it does: its columns, its first lines, and what cannot be used. */
export default async function TransferFilePage({ params, searchParams }: Props) {
  const id = idOf((await params).id) ?? 0;
  const user = await gate("tax.read", `/transfers/files/${id}`);
  const [t, locale, file, asked] = [
    await getTranslations("transfers"),
    await getLocale(),
    await findFile(id),
    await searchParams,
  ];
  if (!file) notFound();
  const header = (
    <PageHeader
      title={t("preview.title", { name: file.name })}
      lead={file.storedAt ? undefined : t("preview.lead")}
      breadcrumbs={[{ label: t("title"), href: "/transfers" }]}
    />
  );
  if (!file.cells) {
    const { added, known, faulty } = file;
    const date = formatDateTime(file.undoneAt ?? file.storedAt ?? file.createdAt, locale);
    return (
      <>
        {header}
        <Alert
          tone={"known" in asked ? "warn" : "info"}
          title={"known" in asked ? t("errors.fileKnown") : undefined}
        >
          {t(file.undoneAt ? "preview.alreadyUndone" : "preview.already", { date })}{" "}
          {t("files.counts", { added, known, faulty })}
        </Alert>
      </>
    );
  }
  const preview = await previewFile(file.kind, file.cells, mappingInput.parse(asked));
  return (
    <>
      {header}
      <div className="flex flex-col gap-5">
        <Card
          title={t("preview.columns")}
          description={t("preview.columnsHint", { row: preview.headerRow + 1 })}
        >
          <Columns kind={file.kind} preview={preview} />
        </Card>
        <FirstRows preview={preview} />
        <Faults faults={preview.faults} />
        {may(user.role, "tax.edit") && <Store id={id} kind={file.kind} preview={preview} />}
      </div>
    </>
  );
}
