import { join } from "node:path";
import { env } from "#lib/machine/env";

/** Where the nightly backups of this machine's worker are; they hold people's data, and not the key. */
export const backupFolder = () => join(env.dataDir, "backups");
