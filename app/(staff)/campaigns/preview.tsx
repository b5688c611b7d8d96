"use client";
import { Monitor, Moon, Smartphone, Sun, Type } from "lucide-react";
import { useTranslations } from "next-intl";
import { type ReactNode, useCallback, useState } from "react";
import { variants } from "#emails/variants";
import { inScheme } from "#lib/letters/campaigns/scheme";
import { cx } from "#ui/class";

type Props = {
  html: string;
  text: string;
  subject: string;
  preheader?: string;
  from: string | null;
  tall?: boolean;
};
type Width = "wide" | "narrow" | "text";
type Look = "light" | "dark" | "plain";

/** The message as received, in a frame that runs nothing and reaches nothing of the application. */
export function Preview({ html, text, subject, preheader, from, tall }: Props) {
  const t = useTranslations("campaigns.preview");
  const [width, setWidth] = useState<Width>("wide");
  const [look, setLook] = useState<Look>("light");
  const shown = look === "plain" ? variants(inScheme(html, "light")).withoutStyle : inScheme(html, look);
  return (
    <div className="flex flex-col gap-3">
      <div className="flex flex-wrap justify-between gap-2">
        <Choices
          label={t("width")}
          value={width}
          onChoose={setWidth}
          choices={[
            { value: "wide", label: t("wide"), icon: <Monitor aria-hidden /> },
            { value: "narrow", label: t("narrow"), icon: <Smartphone aria-hidden /> },
            { value: "text", label: t("text"), icon: <Type aria-hidden /> },
          ]}
        />
        {width !== "text" && (
          <Choices
            label={t("look")}
            value={look}
            onChoose={setLook}
            choices={[
              { value: "light", label: t("light"), icon: <Sun aria-hidden /> },
              { value: "dark", label: t("dark"), icon: <Moon aria-hidden /> },
              { value: "plain", label: t("plain") },
            ]}
          />
        )}
      </div>
      {look === "plain" && width !== "text" && (
        <p className="text-[0.8125rem] text-faint">{t("plainHint")}</p>
      )}
      <div className="overflow-hidden rounded-card border border-line bg-sunken">
        <Envelope {...{ from, subject, preheader }} />
        {width === "text" ? (
          <textarea
            readOnly
            aria-label={t("text")}
            value={text}
            className={cx(
              "block w-full resize-none bg-surface p-4 font-mono text-[0.8125rem] leading-relaxed",
              tall ? "h-[70dvh]" : "h-[60dvh]",
            )}
          />
        ) : (
          <Frame html={shown} narrow={width === "narrow"} className={tall ? "h-[70dvh]" : "h-[60dvh]"} />
        )}
      </div>
    </div>
  );
}

/** A phone’s width, or a computer’s: drawn smaller where there is less room, so that the layout is the true one. */
function Frame({ html, narrow, className }: { html: string; narrow: boolean; className: string }) {
  const t = useTranslations("campaigns.preview");
  const [room, setRoom] = useState(0);
  const measured = useCallback((box: HTMLDivElement | null) => {
    if (!box) return;
    const observer = new ResizeObserver(([entry]) => setRoom(entry?.contentRect.width ?? 0));
    observer.observe(box);
    return () => observer.disconnect();
  }, []);
  const width = narrow ? 375 : 680;
  const scale = room === 0 || room >= width ? 1 : room / width;
  const size =
    scale === 1 && !narrow
      ? { width: "100%", height: "100%" }
      : { width, height: `${100 / scale}%`, transform: `scale(${scale})` };
  return (
    <div ref={measured} className={cx("overflow-hidden", className)}>
      <div style={{ width: narrow ? Math.min(width, room || width) : undefined }} className="mx-auto h-full">
        <iframe
          title={t("frame")}
          sandbox=""
          srcDoc={html}
          style={size}
          className="block origin-top-left border-0 bg-white"
        />
      </div>
    </div>
  );
}

function Envelope({ from, subject, preheader }: Pick<Props, "from" | "subject" | "preheader">) {
  const t = useTranslations("campaigns.preview");
  return (
    <div className="border-b border-line bg-surface px-4 py-3 text-sm">
      {from && <p className="truncate font-medium">{from}</p>}
      <p className="[overflow-wrap:anywhere]">
        <span className="font-medium">{subject || t("noSubject")}</span>
        {preheader && <span className="text-faint"> — {preheader}</span>}
      </p>
    </div>
  );
}

type Choice<V> = { value: V; label: string; icon?: ReactNode };

function Choices<V extends string>(props: {
  label: string;
  value: V;
  onChoose: (value: V) => void;
  choices: Choice<V>[];
}) {
  return (
    <fieldset
      aria-label={props.label}
      className="flex min-w-0 flex-wrap rounded-field border border-line bg-sunken p-0.5"
    >
      {props.choices.map(({ value, label, icon }) => (
        <button
          key={value}
          type="button"
          aria-pressed={value === props.value}
          onClick={() => props.onChoose(value)}
          className={cx(
            "inline-flex min-h-8 items-center gap-1.5 rounded-[0.5rem] px-2.5 text-sm font-medium whitespace-nowrap pointer-coarse:min-h-11 max-sm:[&_svg]:hidden [&_svg]:size-4",
            value === props.value ? "bg-surface text-ink shadow-card" : "text-soft hover:text-ink",
          )}
        >
          {icon}
          {label}
        </button>
      ))}
    </fieldset>
  );
}
