import { getLocale, getTranslations } from "next-intl/server";
import { type CampaignDetail, listSenders } from "#lib/letters/campaigns/queries";
import { listSegments } from "#lib/people/segments/queries";
import { listTopics } from "#lib/people/topics/queries";
import { houseLang } from "#ui/house-words";
import { Select } from "#ui/select";
import { TextField } from "#ui/text-field";

/** Who writes to whom, and about which subscription. */
export async function WhoFields({ campaign }: { campaign: CampaignDetail }) {
  const t = await getTranslations("campaigns.compose");
  const lang = houseLang(await getLocale());
  const named = (rows: { id: number; name: string }[]) =>
    rows.map(({ id, name }) => ({ value: String(id), label: name, lang }));
  const [topics, segments, senders] = await Promise.all([listTopics(), listSegments(), listSenders()]);
  return (
    <div className="flex flex-col gap-5">
      <Select
        name="segmentId"
        label={t("segment")}
        hint={t("segmentHint")}
        placeholder={t("segmentNone")}
        defaultValue={campaign.segment?.archivedAt ? "" : (campaign.segmentId ?? "")}
        options={named(segments)}
      />
      <Select
        name="identityId"
        label={t("identity")}
        placeholder={t("identityNone")}
        defaultValue={campaign.identityId ?? ""}
        options={senders.map(({ id, displayName, address, relay }) => ({
          value: String(id),
          label: `${displayName} <${address}> · ${relay.name}`,
          lang,
        }))}
      />
      <Select
        name="topicId"
        label={t("topic")}
        hint={t("topicHint")}
        defaultValue={campaign.topicId}
        options={named(topics)}
      />
      <TextField name="name" label={t("name")} defaultValue={campaign.name} required maxLength={120} />
    </div>
  );
}
