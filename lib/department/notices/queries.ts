import { noticeData } from "#lib/department/notices/schema";
import { db } from "#lib/machine/db";

const perPage = 30;

/** The unseen first page of a busy morning, or everything; `before` is the last id of the page above. */
export async function listNotices(filter: { unseen: boolean; before?: number | undefined }) {
  const rows = await db.notice.findMany({
    where: { ...(filter.unseen && { seenAt: null }), ...(filter.before && { id: { lt: filter.before } }) },
    select: {
      id: true,
      at: true,
      kind: true,
      data: true,
      seenAt: true,
      contact: { select: { id: true, firstName: true, lastName: true } },
    },
    orderBy: { id: "desc" },
    take: perPage + 1,
  });
  const page = rows.slice(0, perPage);
  const names = await namesFor(page.map((row) => noticeData.catch({}).parse(row.data)));
  return {
    notices: page.map(({ data, ...row }) => ({ ...row, ...names(noticeData.catch({}).parse(data)) })),
    next: rows.length > perPage ? (page.at(-1)?.id ?? null) : null,
  };
}

export type NoticeRow = Awaited<ReturnType<typeof listNotices>>["notices"][number];

/** For the badge of the shell: exact up to 100, since « 99+ » says enough. */
export const countUnseenNotices = () => db.notice.count({ where: { seenAt: null }, take: 100 });

type Data = ReturnType<typeof noticeData.parse>;

/** Topics, campaigns and relays named by the notices of one page, in three statements. */
async function namesFor(all: Data[]) {
  const ids = (pick: (data: Data) => (number | null | undefined)[]) =>
    [...new Set(all.flatMap(pick))].filter((id) => typeof id === "number");
  const [topics, campaigns, relays] = await Promise.all([
    db.topic.findMany({
      where: { id: { in: ids((d) => [d.topicId, ...(d.topicIds ?? [])]) } },
      select: { id: true, name: true },
    }),
    db.campaign.findMany({
      where: { id: { in: ids((d) => [d.campaignId]) } },
      select: { id: true, name: true },
    }),
    db.relay.findMany({ where: { id: { in: ids((d) => [d.relayId]) } }, select: { id: true, name: true } }),
  ]);
  return (data: Data) => ({
    scope: data.scope ?? null,
    via: data.via ?? null,
    reason: data.reason ?? null,
    until: data.until ? new Date(data.until) : null,
    domain: data.domain ?? null,
    count: data.count ?? 0,
    receivedMailId: data.receivedMailId ?? null,
    topics: topics
      .filter(({ id }) => id === data.topicId || data.topicIds?.includes(id))
      .map(({ name }) => name),
    campaign: campaigns.find(({ id }) => id === data.campaignId) ?? null,
    relay: relays.find(({ id }) => id === data.relayId) ?? null,
  });
}
