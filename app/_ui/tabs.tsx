"use client";
import type { ReactNode } from "react";
import { Tabs as AriaTabs, Tab, TabList, TabPanel } from "react-aria-components";

export type TabItem = { id: string; label: ReactNode; content: ReactNode };

export const tabClass =
  "relative flex min-h-10 cursor-pointer items-center gap-2 px-1 text-[0.9375rem] font-medium whitespace-nowrap text-faint transition-colors hover:text-ink pointer-coarse:min-h-11 " +
  "after:absolute after:inset-x-0 after:bottom-[-1px] after:h-0.5 after:rounded-full";

/** Panels that are already there (a preview's widths). Where each view is a page of its own, use TabLinks. */
export function Tabs({
  label,
  items,
  defaultTab,
}: {
  label: string;
  items: readonly TabItem[];
  defaultTab?: string;
}) {
  return (
    <AriaTabs defaultSelectedKey={defaultTab} className="flex flex-col gap-4">
      <TabList aria-label={label} className="flex gap-5 overflow-x-auto border-b border-line">
        {items.map((item) => (
          <Tab
            key={item.id}
            id={item.id}
            className={`${tabClass} data-[selected]:text-ink data-[selected]:after:bg-brand-text`}
          >
            {item.label}
          </Tab>
        ))}
      </TabList>
      {items.map((item) => (
        <TabPanel key={item.id} id={item.id} className="outline-offset-4">
          {item.content}
        </TabPanel>
      ))}
    </AriaTabs>
  );
}
