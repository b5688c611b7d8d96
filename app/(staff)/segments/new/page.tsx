import { getTranslations } from "next-intl/server";
import { gate } from "#lib/gates/session";
import { countSegment, listCriteriaChoices, previewSegment } from "#lib/people/segments/queries";
import type { Criteria } from "#lib/people/segments/schema";
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
