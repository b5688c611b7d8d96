"use client";
import { EllipsisVertical } from "lucide-react";
import type { ReactNode } from "react";
import { Menu as AriaMenu, Button, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import { cx } from "./class";
import { iconButtonClass } from "./icon-button";

export type MenuEntry = {
  id: string;
  label: ReactNode;
  icon?: ReactNode;
  href?: string;
  onSelect?: () => void;
  tone?: "danger";
};

type Props = {
  /** Said by screen readers; shown when `children` is absent only as a tooltip. */
  label: string;
  entries: readonly MenuEntry[];
  /** What the opener shows; three dots otherwise. */
  children?: ReactNode;
  className?: string;
};

export const popoverClass =
  "data-[entering]:animate-[pop_120ms_ease-out] min-w-48 overflow-auto rounded-card border border-line bg-raised p-1.5 text-ink shadow-pop outline-none";

/** A list of acts behind one button, with the keyboard of a menu. */
export function Menu({ label, entries, children, className }: Props) {
  return (
    <MenuTrigger>
      <Button aria-label={label} className={cx(children ? "" : iconButtonClass, className)}>
        {children ?? <EllipsisVertical aria-hidden />}
      </Button>
      <Popover placement="bottom end" className={popoverClass}>
        <AriaMenu aria-label={label} className="outline-none">
          {entries.map((entry) => (
            <MenuItem
              key={entry.id}
              id={entry.id}
              href={entry.href}
              onAction={entry.onSelect}
              textValue={typeof entry.label === "string" ? entry.label : entry.id}
              className={cx(
                "flex min-h-9 cursor-pointer items-center gap-2.5 rounded-md px-2.5 text-sm outline-none data-[focused]:bg-sunken pointer-coarse:min-h-11 [&_svg]:size-4 [&_svg]:shrink-0",
                entry.tone === "danger" ? "text-bad" : "[&_svg]:text-faint",
              )}
            >
              {entry.icon}
              {entry.label}
            </MenuItem>
          ))}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}
