/**
 * A fresh, migrated database for a test file: `import "#testing/database"` as its **first** import. It sets
 * DATABASE_URL before `#lib/machine/db` connects, and drops the database when the file's tests are over. Cloned from
 * a template in 50 ms; child processes inherit DATABASE_URL.
 */
import { after } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { createTestDatabase, replaceDatabase } from "#testing/postgres";

export { createTestDatabase };

const database = await createTestDatabase();
process.env.DATABASE_URL = database.url;
process.env.SRC_SECRET ??= "a secret for tests, never elsewhere";

after(async () => {
  const { disconnect } = await import("#lib/machine/db");
  // A test that failed may hold a connection for ever: dropping the database ends it.
  await Promise.race([disconnect(), sleep(3_000, null, { ref: false })]);
  await database.drop();
});

/** This file's database as it is now, to be put in its place later. Nobody may be connected meanwhile. */
export async function copyDatabase() {
  const { disconnect } = await import("#lib/machine/db");
  const copy = await createTestDatabase("empty");
  await disconnect();
  await replaceDatabase(copy.url, database.url);
  return {
    putBack: async () => {
      await disconnect();
      await replaceDatabase(database.url, copy.url);
    },
    drop: copy.drop,
  };
}
