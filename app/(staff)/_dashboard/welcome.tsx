import { BookOpen, Check, Megaphone, Send, UsersRound } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { Role } from "#db/enums";
import { may, type Permission } from "#lib/department/permissions";
import type { Beginnings } from "#lib/office/dashboard/queries";
import { Badge } from "#ui/badge";
import { Card } from "#ui/card";
import { EmptyState } from "#ui/empty-state";
import { LinkButton } from "#ui/link-button";

type Step = { name: keyof Beginnings; icon: ReactNode; actions: Action[] };
type Action = {
  key: "peopleAction" | "peopleHand" | "relayAction" | "campaignAction";
  href: string;
  permission: Permission;
};

const steps: Step[] = [
  {
    name: "people",
    icon: <UsersRound />,
    actions: [
      { key: "peopleAction", href: "/sources/new", permission: "sources.edit" },
      { key: "peopleHand", href: "/contacts/new", permission: "contacts.edit" },
    ],
  },
  {
    name: "relay",
    icon: <Send />,
    actions: [{ key: "relayAction", href: "/relays/new", permission: "relays.edit" }],
  },
  {
    name: "campaign",
    icon: <Megaphone />,
    actions: [{ key: "campaignAction", href: "/campaigns/new", permission: "campaigns.edit" }],
  },
];

/** The steps a role may take, in order. */
export const stepsFor = (role: Role): Step[] =>
  steps
    .map((step) => ({ ...step, actions: step.actions.filter(({ permission }) => may(role, permission)) }))
    .filter(({ actions }) => actions.length > 0);

/** What a new installation shows instead of empty charts. */
export function Welcome({ done, mine }: { done: Beginnings; mine: Step[] }) {
  const t = useTranslations("dashboard.welcome");
  if (mine.length === 0) return <Waiting />;
  const next = mine.find(({ name }) => !done[name])?.name;
  return (
    <ol aria-label={t("steps")} className="grid gap-4 md:grid-cols-3">
      {mine.map((step, i) => (
        <li key={step.name} className="flex">
          <Card className="flex-1">
            <div className="flex items-center justify-between">
              <span
                aria-hidden
                className="flex size-11 items-center justify-center rounded-2xl bg-brand-soft text-brand-text [&_svg]:size-5"
              >
                {step.icon}
              </span>
              {done[step.name] ? (
                <Badge tone="good" icon={<Check aria-hidden />}>
                  {t("done")}
                </Badge>
              ) : (
                <span aria-hidden className="nums font-display text-3xl font-semibold text-faint">
                  {i + 1}
                </span>
              )}
            </div>
            <h2 className="mt-4 font-display text-lg font-semibold">{t(step.name)}</h2>
            <p className="mt-1 text-soft">{t(`${step.name}Text`)}</p>
            <div className="mt-4 flex flex-wrap gap-2">
              {step.actions.map(({ key, href }, rank) => (
                <LinkButton
                  key={key}
                  href={href}
                  variant={step.name === next && rank === 0 ? "primary" : "secondary"}
                  size="sm"
                >
                  {t(key)}
                </LinkButton>
              ))}
            </div>
          </Card>
        </li>
      ))}
    </ol>
  );
}

function Waiting() {
  const t = useTranslations("dashboard.welcome");
  const help = (
    <LinkButton href="/help" icon={<BookOpen aria-hidden />}>
      {t("readerAction")}
    </LinkButton>
  );
  return (
    <Card>
      <EmptyState icon={<UsersRound />} title={t("reader")} actions={help}>
        {t("readerText")}
      </EmptyState>
    </Card>
  );
}
