/** The public address as Settings has it, known without asking the database at each request. */
import { sql } from "#lib/machine/db";
import { env } from "#lib/machine/env";

const freshFor = 5_000;
let known: string | undefined;
let readAt = 0;

/** What was read last; reads again, without being waited for, when that is five seconds old. */
export function publicAddress(): string {
  if (Date.now() - readAt > freshFor) {
    readAt = Date.now();
    // The database may be away for a moment: what was known stays.
    void readSettings().catch(() => {});
  }
  return known ?? env.publicUrl;
}

async function readSettings() {
  const [row] = await sql<{ url: string | null }>`select public_url as url from settings where id = 1`;
  known = row?.url && URL.canParse(row.url) ? row.url : undefined;
}
