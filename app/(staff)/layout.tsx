import { useTranslations } from "next-intl";
import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";
import { may } from "#lib/department/permissions";
import type { Shell } from "#lib/department/settings/queries";
import { chosenTheme, currentUser, type SessionUser, type Theme } from "#lib/gates/session";
import { countTasks } from "#lib/people/tasks/queries";
import { LeaveGuard } from "#ui/leave-guard";
import { AccountMenu } from "../_shell/account-menu";
import { BottomBar } from "../_shell/bottom-bar";
import { Brand } from "../_shell/brand";
import { Drawer } from "../_shell/drawer";
import { HeldBanner } from "../_shell/held-banner";
import { NavList } from "../_shell/nav-list";
import { type Entry, type EntryName, type Group, navigationFor } from "../_shell/navigation";
import { NoticesBell } from "../_shell/notices-bell";
import { PaletteButton } from "../_shell/palette-button";
import { PaletteOnDemand } from "../_shell/palette-on-demand";
import { SandboxBanner } from "../_shell/sandbox-banner";
import { Sentences } from "../_shell/sentences";
import { TopBar } from "../_shell/top-bar";
import { shell as readShell } from "../shell";

const thumb: EntryName[] = ["dashboard", "contacts", "campaigns", "inbox", "organisations"];

/** Convenience only: every page gates itself, and sends people without a session away. */
export default async function StaffLayout({ children }: { children: ReactNode }) {
  const user = await currentUser();
  if (!user) return <main id="contenu">{children}</main>;
  const [shell, theme, t] = [await readShell(), await chosenTheme(), await getTranslations("app")];
  const groups = navigationFor(user.role);
  const entries = groups.flatMap((group) => group.entries);
  const shortcuts = thumb.flatMap((name) => entries.filter((entry) => entry.name === name)).slice(0, 4);
  const notices = may(user.role, "notices.read");
  const due = may(user.role, "tasks.read") ? await countDue(user.id) : 0;
  return (
    <Sentences of={["app", "dashboard.errors", "tasks.errors", "users.roles"]}>
      <div className="lg:grid lg:min-h-dvh lg:grid-cols-[16rem_minmax(0,1fr)]">
        <Sidebar {...{ shell, groups, user, theme, notices, due }} />
        <div className="flex min-h-dvh min-w-0 flex-col pb-16 sm:pb-0">
          <TopBar shell={shell} notices={notices} />
          {shell.held && <HeldBanner role={user.role} />}
          {shell.sandbox && <SandboxBanner role={user.role} />}
          <main
            id="contenu"
            tabIndex={-1}
            className="mx-auto w-full max-w-[82rem] flex-1 px-4 py-6 outline-none sm:px-6 lg:px-10 lg:py-9"
          >
            {children}
          </main>
        </div>
        <Drawer head={<Brand shell={shell} compact />}>
          <NavList groups={groups} label={t("menu")} due={due} />
          <div className="mt-auto border-t border-line pt-2">
            <AccountMenu user={user} theme={theme} />
          </div>
        </Drawer>
        <BottomBar entries={shortcuts} />
        <LeaveGuard />
        <PaletteOnDemand
          entries={entries.map(({ icon: _, ...entry }: Entry) => entry)}
          creates={creatable(user)}
        />
      </div>
    </Sentences>
  );
}

type SidebarProps = {
  shell: Shell;
  groups: Group[];
  user: SessionUser;
  theme: Theme;
  notices: boolean;
  due: number;
};

function Sidebar({ shell, groups, user, theme, notices, due }: SidebarProps) {
  const t = useTranslations("app");
  return (
    <header className="no-print sticky top-0 flex h-dvh flex-col gap-4 border-e border-line bg-[color-mix(in_oklch,var(--brand-text)_3%,var(--canvas))] p-3 max-lg:hidden">
      <div className="flex items-center gap-1 ps-2 pt-1">
        <div className="min-w-0 flex-1">
          <Brand shell={shell} />
        </div>
        {notices && <NoticesBell count={shell.unseenNotices} />}
      </div>
      <PaletteButton />
      <div className="-mx-3 min-h-0 flex-1 overflow-y-auto px-3">
        <NavList groups={groups} label={t("mainNav")} due={due} />
      </div>
      <div className="border-t border-line pt-2">
        <AccountMenu user={user} theme={theme} />
      </div>
    </header>
  );
}

async function countDue(me: number): Promise<number> {
  const { late, today } = await countTasks(me);
  return late + today;
}

/** What the palette offers to make. */
function creatable(user: SessionUser) {
  return {
    newContact: may(user.role, "contacts.edit"),
    newOrganisation: may(user.role, "organisations.edit"),
    newCampaign: may(user.role, "campaigns.edit"),
  };
}
