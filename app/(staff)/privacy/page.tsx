import { Clock, UserCheck } from "lucide-react";
import { getTranslations } from "next-intl/server";
import { gate } from "#lib/gates/session";
import { formatDateTime } from "#lib/machine/format";
import { encodeKeys, readCursor } from "#lib/machine/keyset";
import { countDue } from "#lib/office/privacy/purge";
import { findHeldClock, listErasures, listRules } from "#lib/office/privacy/queries";
import { listProposals } from "#lib/office/privacy/reviews";
import { ActionButton } from "#ui/action-button";
import { Alert } from "#ui/alert";
import { Card } from "#ui/card";
import { PageHeader } from "#ui/page-header";
import { believe } from "./actions";
import { Durations } from "./durations";
import { Proposals } from "./proposals";
import { Register } from "./register";

type Search = { after?: string; older?: string };

/** What is kept about people and until when, who is about to be forgotten, and the proof of those who were. */
export default async function PrivacyPage({ searchParams }: { searchParams: Promise<Search> }) {
  const search = await searchParams;
  const user = await gate("privacy.manage", "/privacy");
  const t = await getTranslations("privacy");
  const [rules, due, held, proposals, register] = await Promise.all([
    listRules(),
    countDue(),
    findHeldClock(),
    listProposals(place(search.after)),
    listErasures(registerPlace(search.older)),
  ]);
  return (
    <>
      <PageHeader title={t("title")} lead={t("lead")} />
      <div className="flex flex-col gap-5">
        {held && (
          <Alert
            tone="warn"
            title={t("held.title")}
            actions={
              <ActionButton
                action={believe}
                namespace="privacy"
                done={t("held.confirmed")}
                icon={<Clock aria-hidden />}
              >
                {t("held.confirm")}
              </ActionButton>
            }
          >
            {t("held.text", {
              seen: formatDateTime(held.seenAt, user.locale),
              now: formatDateTime(held.heldAt, user.locale),
            })}
          </Alert>
        )}
        <Card flush title={t("proposals.title")} description={t("proposals.lead", amountsOf(rules))}>
          <Proposals
            rows={proposals.rows}
            locale={user.locale}
            nextHref={
              proposals.next &&
              `/privacy?after=${encodeKeys([proposals.next.at.toISOString(), proposals.next.id])}`
            }
            firstHref={search.after ? "/privacy" : null}
            icon={<UserCheck />}
          />
        </Card>
        <Card title={t("durations.title")} description={t("durations.lead")}>
          <Durations rules={rules} due={due} locale={user.locale} />
        </Card>
        <Card flush title={t("register.title")} description={t("register.lead")}>
          <Register
            rows={register.rows}
            locale={user.locale}
            nextHref={
              register.next &&
              `/privacy?older=${encodeKeys([register.next.at.toISOString(), register.next.id])}`
            }
            firstHref={search.older ? "/privacy" : null}
          />
        </Card>
      </div>
    </>
  );
}

const amountsOf = (rules: Awaited<ReturnType<typeof listRules>>) => ({
  months: rules.find(({ rule }) => rule === "contacts")?.amount ?? 0,
  days: rules.find(({ rule }) => rule === "notice")?.amount ?? 0,
});

function place(after?: string) {
  const [at, id] = readCursor({ after }, ["instant", "id"])?.keys ?? [];
  return at === undefined ? null : { at: new Date(at), id: Number(id) };
}

function registerPlace(older?: string) {
  const [at, id] = readCursor({ after: older }, ["instant", "text"])?.keys ?? [];
  return at !== undefined && /^[0-9a-f-]{36}$/.test(String(id)) ? { at: new Date(at), id: String(id) } : null;
}
