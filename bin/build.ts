/** `npm run build`: the Prisma client and the web application, if their sources changed. */
import { env } from "#lib/machine/env";
import { explanation } from "#lib/machine/explained";
import { build, generateClient, hashSources, isBuilt } from "#lib/machine/supervisor/build";

try {
  generateClient();
  const hash = hashSources();
  if (!isBuilt(env.distDir, hash)) await build(env.distDir, hash);
} catch (error) {
  console.error(explanation(error));
  process.exitCode = 1;
}
