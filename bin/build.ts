/** `npm run build`: the Prisma client and the web application, if their sources changed. */
import { env } from "#lib/env";
import { explanation } from "#lib/explained";
import { build, generateClient, hashSources, isBuilt } from "#lib/supervisor/build";

try {
  generateClient();
  const hash = hashSources();
  if (!isBuilt(env.distDir, hash)) await build(env.distDir, hash);
} catch (error) {
  console.error(explanation(error));
  process.exitCode = 1;
}
