import { db } from "#lib/machine/db";

/** The newsletters one can subscribe to, in the order the department chose. */
export function listTopics() {
  return db.topic.findMany({
    select: { id: true, key: true, name: true, description: true, legalBasis: true },
    orderBy: [{ position: "asc" }, { id: "asc" }],
  });
}
