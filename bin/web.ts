/** `npm run web`: the web application alone, on DATABASE_URL or on the embedded PostgreSQL that runs. */
import { env } from "#lib/env";
import { Explained, explanation } from "#lib/explained";
import { hashSources, isBuilt } from "#lib/supervisor/build";
import { joinDatabase } from "#lib/supervisor/database";
import { becomeLower } from "#lib/supervisor/lower";
import { requirePort } from "#lib/supervisor/port";
import { readAddresses } from "#lib/web/seen";

try {
  readAddresses(env);
  joinDatabase();
  await requirePort(env.port);
  if (!isBuilt(env.distDir, hashSources())) throw notBuilt();
  becomeLower();
} catch (error) {
  console.error(explanation(error));
  process.exit(1);
}
await import("#lib/web/main");

function notBuilt(): Explained {
  return new Explained(
    "L’application n’est pas construite, ou ses sources ont changé : npm run build",
    "The application is not built, or its sources changed: npm run build",
  );
}
