import { getTranslations } from "next-intl/server";
import { countSegment, listCriteriaChoices, previewSegment } from "#lib/segments/queries";
import type { Criteria } from "#lib/segments/schema";
import { gate } from "#lib/session";
import { PageHeader } from "#ui/page-header";
import { SegmentForm } from "../segment-form";

const everybody: Criteria = { match: "all", groups: [] };

export default async function NewSegmentPage() {
  await gate("segments.edit", "/segments/new");
  const t = await getTranslations("segments");
  const [choices, count, members] = await Promise.all([
    listCriteriaChoices(),
    countSegment(everybody),
    previewSegment(everybody),
  ]);
  return (
    <>
      <PageHeader title={t("new")} breadcrumbs={[{ label: t("title"), href: "/segments" }]} />
      <SegmentForm criteria={everybody} choices={choices} count={count} members={members} />
    </>
  );
}
