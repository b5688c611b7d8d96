import { useLocale, useTranslations } from "next-intl";
import { formatDateTime } from "#lib/machine/format";
import type { UserRow } from "#lib/office/users/queries";
import { Address } from "#ui/address";
import { Avatar } from "#ui/avatar";
import { Badge } from "#ui/badge";
import { Table } from "#ui/table";
import { UserActs } from "./acts";

export function UsersTable({ users, self }: { users: UserRow[]; self: number }) {
  const t = useTranslations("users");
  const locale = useLocale();
  return (
    <Table
      caption={t("title")}
      rows={users}
      rowKey={(user) => user.id}
      columns={[
        {
          key: "name",
          label: t("fields.name"),
          heading: true,
          cell: (user) => <Person user={user} self={self} />,
        },
        { key: "role", label: t("fields.role"), cell: (user) => t(`roles.${user.role}`) },
        { key: "state", label: t("fields.state"), cell: (user) => <State user={user} /> },
        {
          key: "seen",
          label: t("fields.lastSeen"),
          wideOnly: true,
          cell: (user) => user.lastSeenAt && formatDateTime(user.lastSeenAt, locale),
        },
        {
          key: "acts",
          label: t("fields.acts"),
          labelHidden: true,
          cell: (user) => <UserActs user={user} self={user.id === self} />,
        },
      ]}
    />
  );
}

function Person({ user, self }: { user: UserRow; self: number }) {
  const t = useTranslations("users");
  return (
    <span className="flex items-center gap-3">
      <Avatar name={user.name} />
      <span className="min-w-0">
        <span className="block">
          {user.name} {user.id === self && <span className="font-normal text-faint">{t("you")}</span>}
        </span>
        <span className="block text-sm font-normal text-faint">
          <Address>{user.email}</Address>
        </span>
      </span>
    </span>
  );
}

function State({ user }: { user: UserRow }) {
  const t = useTranslations("users.states");
  if (user.disabledAt) return <Badge tone="neutral">{t("disabled")}</Badge>;
  if (user.invited)
    return (
      <Badge tone="warn" dot>
        {t("invited")}
      </Badge>
    );
  return (
    <Badge tone="good" dot>
      {user.sessions > 0 ? t("signedIn", { count: user.sessions }) : t("active")}
    </Badge>
  );
}
