/** `npm run worker`: one more worker, on DATABASE_URL or on the embedded PostgreSQL that runs. */
import { explanation } from "#lib/machine/explained";
import { requireMigrated } from "#lib/machine/migrations/require";
import { joinDatabase } from "#lib/machine/supervisor/database";
import { dropPrivileges } from "#lib/machine/supervisor/privileges";
import { endWithNpm } from "#lib/machine/supervisor/ready";

endWithNpm();
try {
  await requireMigrated(joinDatabase());
  dropPrivileges();
} catch (error) {
  console.error(explanation(error));
  process.exit(1);
}
await import("#lib/worker/main");
