import { db } from "#lib/db";

/** The newsletters one can subscribe to, in the order the department chose. */
export function listTopics() {
  return db.topic.findMany({
    where: { archivedAt: null },
    select: { id: true, key: true, name: true, description: true, legalBasis: true },
    orderBy: [{ position: "asc" }, { id: "asc" }],
  });
}

export type Topic = Awaited<ReturnType<typeof listTopics>>[number];

/** By its stable key (`src`, `4media`, `taxe`), whatever the department renamed it to. */
export function findTopicByKey(key: string) {
  return db.topic.findUnique({
    where: { key },
    select: { id: true, key: true, name: true, legalBasis: true },
  });
}
