"use client";
import { X } from "lucide-react";
import { usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import { type MouseEvent, type ReactNode, useEffect, useRef } from "react";
import { IconButton } from "#ui/icon-button";

const drawerId = "navigation";
const find = () => document.getElementById(drawerId) as HTMLDialogElement | null;

/** Opens the drawer, by the browser's own command before hydration. */
export function DrawerButton({ className, children }: { className: string; children: ReactNode }) {
  const open = (event: MouseEvent) => {
    event.preventDefault();
    const drawer = find();
    if (drawer && !drawer.open) drawer.showModal();
  };
  return (
    <button
      type="button"
      onClick={open}
      {...{ command: "show-modal", commandfor: drawerId }}
      aria-haspopup="dialog"
      className={className}
    >
      {children}
    </button>
  );
}

/** The navigation on a narrow screen. It closes when one has arrived. */
export function Drawer({ head, children }: { head: ReactNode; children: ReactNode }) {
  const t = useTranslations("app");
  const close = useTranslations("ui")("close");
  const path = usePathname();
  const arrived = useRef(path);
  useEffect(() => {
    if (arrived.current !== path) find()?.close();
    arrived.current = path;
  }, [path]);
  return (
    <dialog
      id={drawerId}
      {...{ closedby: "any" }}
      aria-label={t("menu")}
      className="drawer m-0 h-dvh max-h-none w-80 max-w-[86vw] border-e border-line bg-canvas shadow-pop"
    >
      <div className="flex min-h-full flex-col gap-5 p-3">
        <div className="flex items-center justify-between gap-2 ps-1">
          {head}
          <IconButton
            label={close}
            icon={<X aria-hidden />}
            onClick={() => find()?.close()}
            {...{ command: "close", commandfor: drawerId }}
          />
        </div>
        {children}
      </div>
    </dialog>
  );
}
