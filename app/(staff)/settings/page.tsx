import { getTranslations } from "next-intl/server";
import { findAttachmentsFolder, pathOf } from "#lib/department/settings/attachments-folder";
import { getSettings } from "#lib/department/settings/queries";
import { gate } from "#lib/gates/session";
import { attachmentsHome } from "#lib/machine/installation/witness";
import { Card } from "#ui/card";
import { Form, FormActions, SubmitButton } from "#ui/form";
import { LinkButton } from "#ui/link-button";
import { PageHeader } from "#ui/page-header";
import { TextArea, TextField } from "#ui/text-field";
import { shell } from "../../shell";
import { identify, placeAttachments } from "./actions";
import { Branding } from "./branding";

export default async function SettingsPage() {
  await gate("settings.edit", "/settings");
  const [t, settings, folder, { logo }] = [
    await getTranslations("settings"),
    await getSettings(),
    await findAttachmentsFolder(),
    await shell(),
  ];
  return (
    <>
      <PageHeader title={t("title")} lead={t("lead")} />
      <div className="flex flex-col gap-5">
        <Card title={t("branding")} description={t("brandingHint")}>
          <Branding {...settings} logo={logo} />
        </Card>
        <Card title={t("legal")} description={t("legalHint")}>
          <Form action={identify} namespace="settings" done={t("saved")}>
            <div className="grid gap-5 md:grid-cols-2">
              <TextField
                name="controller"
                label={t("fields.controller")}
                hint={t("hints.controller")}
                defaultValue={settings.controller}
              />
              <TextField
                name="dpoEmail"
                type="email"
                label={t("fields.dpoEmail")}
                hint={t("hints.dpoEmail")}
                defaultValue={settings.dpoEmail}
              />
              <TextArea
                name="postalAddress"
                label={t("fields.postalAddress")}
                hint={t("hints.postalAddress")}
                defaultValue={settings.postalAddress}
              />
              <TextField
                name="privacyUrl"
                type="url"
                label={t("fields.privacyUrl")}
                hint={t("hints.privacyUrl")}
                defaultValue={settings.privacyUrl}
              />
              <TextField
                name="secretariatEmail"
                type="email"
                label={t("fields.secretariatEmail")}
                hint={t("hints.secretariatEmail")}
                defaultValue={settings.secretariatEmail}
              />
              <TextField
                name="publicUrl"
                type="url"
                label={t("fields.publicUrl")}
                hint={t("hints.publicUrl")}
                defaultValue={settings.publicUrl ?? ""}
              />
              <TextField
                name="phone"
                type="tel"
                label={t("fields.phone")}
                hint={t("hints.phone")}
                defaultValue={settings.phone}
              />
              <TextField
                name="publicationDirector"
                label={t("fields.publicationDirector")}
                hint={t("hints.publicationDirector")}
                defaultValue={settings.publicationDirector}
              />
              <TextArea
                name="host"
                label={t("fields.host")}
                hint={t("hints.host")}
                defaultValue={settings.host}
              />
            </div>
            <FormActions>
              <SubmitButton>{t("save")}</SubmitButton>
            </FormActions>
          </Form>
        </Card>
        <Card title={t("attachments")} description={t("attachmentsHint")}>
          <Form action={placeAttachments} namespace="settings" done={t("saved")}>
            <TextField
              name="folder"
              label={t("fields.attachments")}
              hint={t("hints.attachments")}
              defaultValue={folder === null ? "" : pathOf(folder)}
              maxLength={1_000}
              spellCheck={false}
            />
            <p className="text-sm text-soft [overflow-wrap:anywhere]">
              {t("attachmentsHome", { path: attachmentsHome() })}
            </p>
            <p className="text-sm text-soft">{t("attachmentsBackup")}</p>
            <FormActions>
              <SubmitButton>{t("save")}</SubmitButton>
            </FormActions>
          </Form>
        </Card>
        <Card title={t("sources")} description={t("sourcesHint")}>
          <LinkButton href="/sources">{t("sourcesOpen")}</LinkButton>
        </Card>
        <Card title={t("tax")} description={t("taxHint")}>
          <LinkButton href="/settings/tax">{t("taxOpen")}</LinkButton>
        </Card>
      </div>
    </>
  );
}
