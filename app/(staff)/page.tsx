import { Building2, MessageSquareReply, Send, UsersRound } from "lucide-react";
import { getFormatter, getTranslations } from "next-intl/server";
import { may } from "#lib/department/permissions";
import { gate, type SessionUser } from "#lib/gates/session";
import { percent, shareOf } from "#lib/letters/campaigns/funnel";
import { countThreads } from "#lib/letters/threads/queries";
import { wallClock } from "#lib/machine/paris";
import { listConcerns } from "#lib/office/dashboard/attention";
import {
  type Figures,
  getBeginnings,
  getFigures,
  listKinds,
  listRecentCampaigns,
  listSourceStates,
  listWeeks,
} from "#lib/office/dashboard/queries";
import { countTasks, listDueTasks } from "#lib/people/tasks/queries";
import { PageHeader } from "#ui/page-header";
import { Stat, StatRow } from "#ui/stat";
import { Attention } from "./_dashboard/attention";
import { Campaigns } from "./_dashboard/campaigns";
import { Conversations } from "./_dashboard/conversations";
import { Kinds } from "./_dashboard/kinds";
import { Sources } from "./_dashboard/sources";
import { Tasks } from "./_dashboard/tasks";
import { Trend } from "./_dashboard/trend";
import { stepsFor, Welcome } from "./_dashboard/welcome";

export default async function DashboardPage() {
  const user = await gate("dashboard.read", "/");
  const beginnings = await getBeginnings();
  if (!beginnings.people && !beginnings.campaign) return welcome(user, beginnings);
  const readsSources = may(user.role, "sources.read");
  const [figures, concerns, campaigns, weeks, kinds, sources, tasks, conversations] = await Promise.all([
    getFigures(),
    listConcerns(user.role),
    listRecentCampaigns(),
    listWeeks(),
    listKinds(),
    readsSources ? listSourceStates() : [],
    may(user.role, "tasks.read") ? ownTasks(user) : null,
    may(user.role, "letters.read") ? countThreads(user) : null,
  ]);
  const t = await getTranslations("dashboard");
  const format = await getFormatter();
  return (
    <>
      <PageHeader
        title={t("title")}
        lead={`${t("hello", { name: firstName(user) })} · ${format.dateTime(new Date(), { weekday: "long", day: "numeric", month: "long", year: "numeric" })}`}
      />
      <div className="flex flex-col gap-6">
        <FigureRow figures={figures} />
        <div className="grid items-start gap-6 xl:grid-cols-[minmax(0,5fr)_minmax(0,3fr)]">
          <div className="flex min-w-0 flex-col gap-6">
            {tasks && <Tasks {...tasks} />}
            {conversations && <Conversations counts={conversations} />}
            <Attention concerns={concerns} role={user.role} />
            <Trend weeks={weeks} />
          </div>
          <div className="flex min-w-0 flex-col gap-6">
            <Kinds kinds={kinds} />
            {readsSources && <Sources sources={sources} maySync={may(user.role, "sources.sync")} />}
          </div>
        </div>
        <Campaigns campaigns={campaigns} mayCreate={may(user.role, "campaigns.edit")} />
      </div>
    </>
  );
}

async function ownTasks({ id }: SessionUser) {
  const [tasks, counts] = await Promise.all([listDueTasks(id), countTasks(id)]);
  return { tasks, counts, now: wallClock(new Date()) };
}

async function welcome(user: SessionUser, beginnings: Awaited<ReturnType<typeof getBeginnings>>) {
  const t = await getTranslations("dashboard.welcome");
  const mine = stepsFor(user.role);
  const lead = mine.length > 0 ? t("lead", { count: mine.length }) : t("leadReader");
  return (
    <>
      <PageHeader title={t("title")} lead={lead} />
      <Welcome done={beginnings} mine={mine} />
    </>
  );
}

async function FigureRow({ figures }: { figures: Figures }) {
  const t = await getTranslations("dashboard.figures");
  const format = await getFormatter();
  const organisations = format.number(figures.organisations);
  const rate = shareOf(figures.replied, figures.handed);
  return (
    <StatRow>
      <Stat
        href="/contacts"
        icon={<UsersRound aria-hidden />}
        label={t("contacts")}
        value={format.number(figures.contacts)}
        note={t("contactsNote")}
      />
      <Stat
        href="/organisations"
        icon={<Building2 aria-hidden />}
        label={t("organisations")}
        value={figures.organisationsExact ? organisations : t("about", { count: organisations })}
        note={t("organisationsNote")}
      />
      <Stat
        href="/campaigns"
        icon={<Send aria-hidden />}
        label={t("sent")}
        value={format.number(figures.accepted)}
        note={t("sentNote", { count: figures.campaigns })}
      />
      <Stat
        icon={<MessageSquareReply aria-hidden />}
        label={t("replied")}
        value={rate === null ? t("none") : format.number(rate, percent)}
        note={t("repliedNote", { count: figures.replied })}
      />
    </StatRow>
  );
}

const firstName = ({ name }: SessionUser) => name.split(" ")[0] ?? name;
