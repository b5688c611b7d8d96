/** `npm run web`: the web application alone, on DATABASE_URL or on the embedded PostgreSQL that runs. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { env } from "#lib/env";
import { Explained, explanation } from "#lib/explained";
import { hashSources, isBuilt, peer, projectFolder } from "#lib/supervisor/build";
import { joinDatabase } from "#lib/supervisor/database";
import { requirePort } from "#lib/supervisor/port";

try {
  joinDatabase();
  await requirePort(env.port);
  if (!isBuilt(env.distDir, hashSources())) throw notBuilt();
  const next = join(projectFolder, "node_modules/next/dist/bin/next");
  const web = spawn(process.execPath, ["--import", peer, next, "start", "--port", String(env.port)], {
    stdio: "inherit",
  });
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => web.kill(signal));
  web.once("exit", (code) => process.exit(code ?? 0));
} catch (error) {
  console.error(explanation(error));
  process.exit(1);
}

function notBuilt(): Explained {
  return new Explained(
    "L’application n’est pas construite, ou ses sources ont changé : npm run build",
    "The application is not built, or its sources changed: npm run build",
  );
}
