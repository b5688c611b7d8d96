"use client";
import { Monitor, Moon, Sun } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { Theme } from "#lib/gates/session";
import { Form, type FormAction } from "#ui/form";
import { chooseLanguage, chooseTheme } from "../actions";

export function ThemeChoice({ theme }: { theme: Theme }) {
  const t = useTranslations("app");
  const choices = [
    { value: "light", label: t("themeLight"), icon: <Sun aria-hidden /> },
    { value: "dark", label: t("themeDark"), icon: <Moon aria-hidden /> },
    { value: "system", label: t("themeSystem"), icon: <Monitor aria-hidden /> },
  ];
  return <Choice name="theme" label={t("theme")} choices={choices} chosen={theme} action={chooseTheme} />;
}

export function LanguageChoice() {
  const t = useTranslations("app");
  const choices = [
    { value: "fr", label: t("french"), lang: "fr" },
    { value: "en", label: t("english"), lang: "en" },
  ];
  return (
    <Choice
      name="locale"
      label={t("language")}
      choices={choices}
      chosen={useLocale()}
      action={chooseLanguage}
    />
  );
}

type Option = { value: string; label: string; icon?: ReactNode; lang?: string };
type Props = { name: string; label: string; choices: Option[]; chosen: string; action: FormAction };

/** A few buttons, one of them pressed; each sends the form. */
function Choice({ name, label, choices, chosen, action }: Props) {
  return (
    <Form action={action} aria-label={label}>
      <div className="flex gap-0.5 rounded-field bg-sunken p-0.5">
        {choices.map((choice) => (
          <button
            key={choice.value}
            type="submit"
            name={name}
            value={choice.value}
            lang={choice.lang}
            aria-pressed={choice.value === chosen}
            className="inline-flex min-h-8 flex-1 items-center justify-center gap-1.5 rounded-md px-2 text-[0.8125rem] font-medium text-faint hover:text-ink aria-pressed:bg-raised aria-pressed:text-ink aria-pressed:shadow-card pointer-coarse:min-h-11 [&_svg]:size-4"
          >
            {choice.icon}
            {choice.label}
          </button>
        ))}
      </div>
    </Form>
  );
}
