"use client";
import { useTranslations } from "next-intl";
import { type ChangeEvent, useEffect, useState } from "react";
import { largest } from "#lib/machine/web/sizes";
import { Checkbox } from "#ui/checkbox";
import { Form, FormActions, SubmitButton } from "#ui/form";
import { TextField } from "#ui/text-field";
import { brand } from "./actions";
import { ColorField } from "./color-field";
import { BrandPreview } from "./preview";

type Props = {
  name: string;
  shortName: string;
  primaryColor: string;
  accentColor: string;
  logo: string | null;
};

/** Name, colours and logo, with what they will look like as one types. */
export function Branding(saved: Props) {
  const t = useTranslations("settings");
  const [draft, setDraft] = useState(saved);
  const [tooHeavy, setTooHeavy] = useState(false);
  useForget(draft.logo);
  const follow = (event: ChangeEvent<HTMLFormElement>) => {
    const field = event.target as unknown as HTMLInputElement;
    const { name, value, files, checked } = field;
    if (name === "logo") {
      const [file] = files ?? [];
      // Said here: a form that is too heavy is cut on its way, which looks like a lost connection.
      const heavy = file !== undefined && file.size > largest.logo;
      if (heavy) field.value = "";
      setTooHeavy(heavy);
      setDraft({ ...draft, logo: file && !heavy ? URL.createObjectURL(file) : saved.logo });
    } else if (name === "removeLogo") setDraft({ ...draft, logo: checked ? null : saved.logo });
    else setDraft({ ...draft, [name]: value });
  };
  return (
    <div className="grid gap-8 lg:grid-cols-[1fr_20rem]">
      <Form action={brand} namespace="settings" done={t("saved")}>
        <div className="grid gap-5 sm:grid-cols-2" onChange={follow as never}>
          <TextField
            name="name"
            label={t("fields.name")}
            defaultValue={saved.name}
            required
            className="sm:col-span-2"
          />
          <TextField
            name="shortName"
            label={t("fields.shortName")}
            defaultValue={saved.shortName}
            required
            className="sm:col-span-2"
          />
          <ColorField
            name="primaryColor"
            label={t("fields.primaryColor")}
            defaultValue={saved.primaryColor}
          />
          <ColorField name="accentColor" label={t("fields.accentColor")} defaultValue={saved.accentColor} />
          <TextField
            name="logo"
            type="file"
            accept="image/png,image/jpeg,image/webp"
            label={t("fields.logo")}
            hint={t("hints.logo")}
            error={tooHeavy ? t("errors.logoSize") : undefined}
            className="sm:col-span-2"
          />
          {saved.logo && (
            <Checkbox name="removeLogo" label={t("fields.removeLogo")} className="sm:col-span-2" />
          )}
        </div>
        <FormActions>
          <SubmitButton>{t("save")}</SubmitButton>
        </FormActions>
      </Form>
      <BrandPreview {...draft} />
    </div>
  );
}

/** A file's temporary address holds its bytes until it is given back. */
function useForget(address: string | null) {
  useEffect(
    () => () => {
      if (address?.startsWith("blob:")) URL.revokeObjectURL(address);
    },
    [address],
  );
}
