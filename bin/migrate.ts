/**
 * `npm run migrate`: brings the database up to date.
 * `npm run migrate -- --author INTENT`: writes the next migration from the difference between the committed
 * schema and the one being edited; read it, complete it by hand, then run `npm run migrate`.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { explanation } from "#lib/machine/explained";
import { applyMigrations, migrationsFolder, readMigrations } from "#lib/machine/migrations/apply";
import { generateClient, projectFolder } from "#lib/machine/supervisor/build";
import { withDatabase } from "#lib/machine/supervisor/database";

const { values } = parseArgs({ options: { author: { type: "string" } } });

try {
  if (values.author) author(values.author);
  else await migrate();
} catch (error) {
  console.error(explanation(error));
  process.exitCode = 1;
}

async function migrate() {
  const applied = await withDatabase((url) => applyMigrations(url));
  for (const name of applied) console.log(`✔ ${name}`);
  if (applied.length === 0) console.log("✔ La base est à jour.");
  generateClient();
}

function author(intent: string) {
  const last = readMigrations().at(-1)?.name ?? "0000";
  const name = `${String(Number.parseInt(last, 10) + 1).padStart(4, "0")}_${intent.replace(/\W+/g, "_")}`;
  const folder = join(migrationsFolder, name);
  const script = differenceWithCommitted();
  mkdirSync(folder);
  writeFileSync(join(folder, "migration.sql"), script);
  console.log(`✔ prisma/migrations/${name}/migration.sql`);
}

function differenceWithCommitted(): string {
  const temporary = mkdtempSync(join(tmpdir(), "schema-"));
  try {
    const committed = join(temporary, "schema.prisma");
    writeFileSync(
      committed,
      execFileSync("git", ["show", "HEAD:prisma/schema.prisma"], { cwd: projectFolder }),
    );
    const prisma = join(projectFolder, "node_modules/prisma/build/index.js");
    const edited = join(projectFolder, "prisma/schema.prisma");
    const args = ["migrate", "diff", "--from-schema", committed, "--to-schema", edited, "--script"];
    return execFileSync(process.execPath, [prisma, ...args], { cwd: projectFolder, encoding: "utf8" });
  } finally {
    rmSync(temporary, { recursive: true });
  }
}
