/** `npm run worker`: one more worker, on DATABASE_URL or on the embedded PostgreSQL that runs. */
import { explanation } from "#lib/explained";
import { joinDatabase } from "#lib/supervisor/database";
import { becomeLower } from "#lib/supervisor/lower";

try {
  joinDatabase();
  becomeLower();
} catch (error) {
  console.error(explanation(error));
  process.exit(1);
}
await import("#lib/worker/main");
