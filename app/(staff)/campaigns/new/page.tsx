import { getFormatter, getTranslations } from "next-intl/server";
import { getHouse, type House } from "#lib/department/settings/house";
import { gate } from "#lib/gates/session";
import { composeCampaign } from "#lib/letters/campaigns/content";
import { models } from "#lib/letters/campaigns/schema";
import { seenBy, showTo } from "#lib/letters/campaigns/show";
import { starter } from "#lib/letters/campaigns/starters";
import { Form, SubmitButton } from "#ui/form";
import { PageHeader } from "#ui/page-header";
import { TextField } from "#ui/text-field";
import { create } from "../actions";

export default async function NewCampaignPage() {
  await gate("campaigns.edit", "/campaigns/new");
  const t = await getTranslations("campaigns");
  const house = await getHouse();
  return (
    <>
      <PageHeader
        title={t("new")}
        lead={t("newLead")}
        breadcrumbs={[{ label: t("title"), href: "/campaigns" }]}
      />
      <div className="grid gap-5 md:grid-cols-2 xl:grid-cols-3">
        {models.map((model) => (
          <Model key={model} model={model} house={house} />
        ))}
      </div>
    </>
  );
}

async function Model({ model, house }: { model: (typeof models)[number]; house: House }) {
  const t = await getTranslations("campaigns");
  const format = await getFormatter();
  const name = t(`models.${model}`);
  const date = format.dateTime(new Date(), { day: "numeric", month: "long", year: "numeric" });
  const { html } = await composeCampaign({ model, subject: name, ...starter(model) }, house);
  return (
    <section
      aria-label={name}
      className="flex flex-col overflow-hidden rounded-card border border-line bg-surface shadow-card"
    >
      <div aria-hidden className="relative h-64 overflow-hidden border-b border-line bg-sunken">
        <iframe
          title={t("thumbnail", { model: name })}
          sandbox=""
          tabIndex={-1}
          srcDoc={showTo(html, seenBy(null, { name, legalBasis: "public_task" }, house), "light")}
          className="pointer-events-none absolute start-1/2 top-0 h-[42rem] w-[42rem] origin-top -translate-x-1/2 scale-[0.55] border-0 bg-white"
        />
      </div>
      <div className="flex flex-1 flex-col gap-3 p-5">
        <h2 className="font-display text-lg leading-6 font-semibold">{name}</h2>
        <p className="flex-1 text-soft">{t(`modelTexts.${model}`)}</p>
        <Form action={create} namespace="campaigns" className="gap-3">
          <input type="hidden" name="model" value={model} />
          <TextField
            name="name"
            label={t("campaignName")}
            defaultValue={t("defaultName", { model: name, date })}
            required
            maxLength={120}
          />
          <SubmitButton>{t("choose")}</SubmitButton>
        </Form>
      </div>
    </section>
  );
}
