import { Menu } from "lucide-react";
import { useTranslations } from "next-intl";
import type { Shell } from "#lib/department/settings/queries";
import { iconButtonClass } from "#ui/icon-button";
import { Brand } from "./brand";
import { DrawerButton } from "./drawer";
import { NoticesBell } from "./notices-bell";
import { PaletteButton } from "./palette-button";

/** The head of narrow screens. */
export function TopBar({ shell, notices }: { shell: Shell; notices: boolean }) {
  const t = useTranslations("app");
  return (
    <header className="no-print sticky short:static top-0 z-30 flex h-14 items-center gap-1 border-b border-line bg-canvas/90 px-2 backdrop-blur sm:px-4 lg:hidden">
      <DrawerButton className={`${iconButtonClass} max-sm:hidden`}>
        <Menu aria-hidden />
        <span className="sr-only">{t("menu")}</span>
      </DrawerButton>
      <div className="min-w-0 flex-1 px-1">
        <Brand shell={shell} compact />
      </div>
      {notices && <NoticesBell count={shell.unseenNotices} />}
      <PaletteButton compact />
    </header>
  );
}
