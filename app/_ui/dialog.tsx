"use client";
import { X } from "lucide-react";
import { useTranslations } from "next-intl";
import { type MouseEvent, type ReactNode, useCallback, useId, useRef } from "react";
import { Button, type ButtonSize, type ButtonVariant } from "./button";
import { cx } from "./class";
import { DialogProvider } from "./dialog-context";
import { useFocusAfter } from "./focus";
import { IconButton } from "./icon-button";

export type Trigger = {
  label: string;
  icon?: ReactNode;
  variant?: ButtonVariant;
  size?: ButtonSize;
  /** Shows only the icon. */
  iconOnly?: boolean;
  className?: string;
  disabled?: boolean;
};

type Props = {
  trigger: Trigger;
  title: ReactNode;
  description?: ReactNode;
  /** `drawer` slides from the left edge, `wide` is for previews. */
  shape?: "normal" | "wide" | "drawer";
  children: ReactNode;
};

const shapes = {
  normal: "w-[calc(100%-2rem)] max-w-lg rounded-card",
  wide: "w-[calc(100%-2rem)] max-w-4xl rounded-card",
  drawer: "drawer m-0 h-dvh max-h-none w-80 max-w-[85vw]",
};

/** The browser's own modal dialog: it holds the focus, closes on Escape, and opens before hydration by `command`. */
export function Dialog({ trigger, title, description, shape = "normal", children }: Props) {
  const t = useTranslations("ui");
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const whole = useRef<HTMLSpanElement>(null);
  useFocusAfter(whole);
  const close = useCallback(() => dialog.current?.close(), []);
  // Once hydrated we act ourselves; the browser's command would act a second time.
  const open = (event: MouseEvent) => {
    event.preventDefault();
    if (!dialog.current?.open) dialog.current?.showModal();
  };
  const opener = { onClick: open, command: "show-modal", commandfor: id, "aria-haspopup": "dialog" as const };
  return (
    <span ref={whole} className="contents">
      {trigger.iconOnly ? (
        <IconButton
          {...opener}
          label={trigger.label}
          icon={trigger.icon}
          className={trigger.className}
          disabled={trigger.disabled}
        />
      ) : (
        <Button
          {...opener}
          variant={trigger.variant}
          size={trigger.size}
          icon={trigger.icon}
          className={trigger.className}
          disabled={trigger.disabled}
        >
          {trigger.label}
        </Button>
      )}
      <dialog
        ref={dialog}
        id={id}
        {...{ closedby: "any" }}
        aria-labelledby={`${id}-title`}
        aria-describedby={description ? `${id}-description` : undefined}
        className={cx(
          "max-h-[calc(100dvh-2rem)] overflow-y-auto border border-line bg-raised text-ink shadow-pop",
          shapes[shape],
        )}
      >
        <div className={cx("flex flex-col gap-4", shape === "drawer" ? "p-3" : "p-6")}>
          <h2
            id={`${id}-title`}
            className="min-h-9 pe-10 pt-1 font-display text-xl leading-snug font-semibold [overflow-wrap:anywhere]"
          >
            {title}
          </h2>
          {description && (
            <div id={`${id}-description`} className="-mt-2 text-soft wrap-break-word">
              {description}
            </div>
          )}
          <DialogProvider value={close}>{children}</DialogProvider>
        </div>
        {/* Last in order: the focus comes to the first field, or to the button that does nothing. */}
        <IconButton
          label={t("close")}
          icon={<X aria-hidden />}
          onClick={close}
          {...{ command: "close", commandfor: id }}
          className={cx("absolute", shape === "drawer" ? "end-1 top-3" : "end-4 top-6")}
        />
      </dialog>
    </span>
  );
}
