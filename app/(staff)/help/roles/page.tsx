import { Check, Minus } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { may, type Permission, permissions } from "#lib/department/permissions";
import { gate } from "#lib/gates/session";
import { roles } from "#lib/office/users/schema";
import { Card } from "#ui/card";
import { PageHeader } from "#ui/page-header";
import { Table } from "#ui/table";

const names = Object.keys(permissions) as Permission[];

/** The permission table itself, in words: it cannot say anything else than what is applied. */
export default async function RolesPage() {
  await gate("help.read", "/help/roles");
  const [t, users] = [await getTranslations("help"), await getTranslations("users.roles")];
  const label = (permission: Permission) => {
    const [noun, verb] = permission.split(".") as [NounOf<Permission>, VerbOf<Permission>];
    return `${t(`permissions.${noun}`)} – ${t(`verbs.${verb}`)}`;
  };
  return (
    <>
      <PageHeader
        title={t("rolesTitle")}
        lead={t("rolesLead")}
        breadcrumbs={[{ label: t("back"), href: "/help" }]}
      />
      <Card flush>
        <Table
          caption={t("rolesTitle")}
          rows={names}
          rowKey={(name) => name}
          columns={[
            { key: "permission", label: t("permission"), heading: true, cell: label },
            ...roles.map((role) => ({
              key: role,
              label: users(role),
              labelled: true,
              cell: (name: Permission) =>
                may(role, name) ? (
                  <span className="inline-flex items-center gap-1.5 text-good">
                    <Check aria-hidden className="size-4" />
                    {t("yes")}
                  </span>
                ) : (
                  <span className="inline-flex items-center gap-1.5 text-faint">
                    <Minus aria-hidden className="size-4" />
                    {t("no")}
                  </span>
                ),
            })),
          ]}
        />
      </Card>
    </>
  );
}

type NounOf<P extends string> = P extends `${infer N}.${string}` ? N : never;
type VerbOf<P extends string> = P extends `${string}.${infer V}` ? V : never;
