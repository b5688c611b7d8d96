/** `npm run web`: the web application alone, on DATABASE_URL or on the embedded PostgreSQL that runs. */
import { env } from "#lib/machine/env";
import { Explained, explanation } from "#lib/machine/explained";
import { requireMigrated } from "#lib/machine/migrations/require";
import { hashSources, isBuilt } from "#lib/machine/supervisor/build";
import { joinDatabase } from "#lib/machine/supervisor/database";
import { requirePort } from "#lib/machine/supervisor/port";
import { dropPrivileges } from "#lib/machine/supervisor/privileges";
import { endWithNpm } from "#lib/machine/supervisor/ready";
import { readAddresses } from "#lib/machine/web/seen";

endWithNpm();
try {
  readAddresses(env);
  await requireMigrated(joinDatabase());
  await requirePort(env.port);
  if (!isBuilt(env.distDir, hashSources())) throw notBuilt();
  dropPrivileges();
} catch (error) {
  console.error(explanation(error));
  process.exit(1);
}
await import("#lib/machine/web/main");
const { startWatch } = await import("#lib/office/watch/alarm");
startWatch();

function notBuilt(): Explained {
  return new Explained(
    "L’application n’est pas construite, ou ses sources ont changé : npm run build",
    "The application is not built, or its sources changed: npm run build",
  );
}
