import { BellRing, CheckCheck } from "lucide-react";
import { useTranslations } from "next-intl";
import { getTranslations } from "next-intl/server";
import { countUnseenNotices, listNotices, type NoticeRow } from "#lib/department/notices/queries";
import { may } from "#lib/department/permissions";
import { getSettings } from "#lib/department/settings/queries";
import { gate } from "#lib/gates/session";
import { idOf } from "#lib/machine/asked";
import { ActionButton } from "#ui/action-button";
import { Alert } from "#ui/alert";
import { Card } from "#ui/card";
import { EmptyState } from "#ui/empty-state";
import { LinkButton } from "#ui/link-button";
import { PageHeader } from "#ui/page-header";
import { Pager } from "#ui/pager";
import { TabLinks } from "#ui/tab-links";
import { seeAll } from "./actions";
import { NoticeLine } from "./line";

type Search = { vue?: string; before?: string };

export default async function NoticesPage({ searchParams }: { searchParams: Promise<Search> }) {
  const user = await gate("notices.read", "/notices");
  const { vue, before } = await searchParams;
  const all = vue === "tous";
  const [{ notices, next }, unseen, settings] = await Promise.all([
    listNotices({ unseen: !all, before: idOf(before) ?? undefined }),
    countUnseenNotices(),
    getSettings(),
  ]);
  const t = await getTranslations("notices");
  const newest = notices[0]?.id;
  return (
    <>
      <PageHeader
        title={t("title")}
        lead={t("lead")}
        actions={
          unseen > 0 && newest && may(user.role, "notices.handle") ? (
            <ActionButton
              action={seeAll}
              fields={{ upTo: newest }}
              namespace="notices"
              done={t("markedAll")}
              icon={<CheckCheck aria-hidden />}
            >
              {t("markAll")}
            </ActionButton>
          ) : undefined
        }
      />
      {settings.secretariatEmail === "" && <NoDigest mayEdit={may(user.role, "settings.edit")} />}
      <TabLinks
        label={t("viewsLabel")}
        links={[
          { href: "/notices", label: t("unseen"), count: unseen > 99 ? "99+" : unseen, current: !all },
          { href: "/notices?vue=tous", label: t("all"), current: all },
        ]}
      />
      <List notices={notices} next={next} all={all} mayHandle={may(user.role, "notices.handle")} />
    </>
  );
}

function NoDigest({ mayEdit }: { mayEdit: boolean }) {
  const t = useTranslations("notices");
  const link = (
    <LinkButton href="/settings" size="sm">
      {t("openSettings")}
    </LinkButton>
  );
  return (
    <Alert tone="warn" title={t("noDigest")} actions={mayEdit && link} className="mb-5">
      {t("noDigestText")}
    </Alert>
  );
}

function List({
  notices,
  next,
  all,
  mayHandle,
}: {
  notices: NoticeRow[];
  next: number | null;
  all: boolean;
  mayHandle: boolean;
}) {
  const t = useTranslations("notices");
  if (notices.length === 0) {
    return (
      <Card>
        <EmptyState icon={<BellRing />} title={all ? t("empty") : t("emptyUnseen")}>
          {t("emptyText")}
        </EmptyState>
      </Card>
    );
  }
  return (
    <Card flush>
      <ul className="divide-y divide-line">
        {notices.map((notice) => (
          <NoticeLine key={notice.id} notice={notice} mayHandle={mayHandle} />
        ))}
      </ul>
      <Pager nextHref={next ? `/notices?${all ? "vue=tous&" : ""}before=${next}` : null} />
    </Card>
  );
}
