/** Builds the web application when its sources changed since the last complete build. */
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { join } from "node:path";
import { env } from "#lib/machine/env";
import { Explained } from "#lib/machine/explained";
import { packBuild } from "#lib/machine/web/packed";

export const projectFolder = join(import.meta.dirname, "../../..");

/** Preloaded into children: see end-with-parent.ts. */
export const endWithParent = join(import.meta.dirname, "end-with-parent.ts");
export const webProgram = join(projectFolder, "lib/machine/web/main.ts");
/**
 * Young objects have little room, which keeps the process small, and the old ones much before they are looked through:
 * a tenth less CPU as it sends, 45 MB less than without (bench send). `npm run worker` says the same.
 */
export const workerProgram = [
  "--max-semi-space-size=16",
  "--initial-heap-size=256",
  join(projectFolder, "lib/worker/main.ts"),
];

const sources = ["app", "lib", "emails", "prisma", "public"];
const files = [
  "package-lock.json",
  "package.json",
  "next.config.ts",
  "postcss.config.mjs",
  "tsconfig.json",
  "proxy.ts",
];

type Stamp = { sources: string; buildId: string };

/** Hash of everything a build is made from. Tests and generated files are not part of it. */
export function hashSources(folder = projectFolder): string {
  const hash = createHash("sha256").update(process.version);
  for (const path of [...files, ...sources.flatMap((source) => listFiles(folder, source))]) {
    const full = join(folder, path);
    if (fs.existsSync(full)) hash.update(`${path}\0`).update(fs.readFileSync(full)).update("\0");
  }
  return hash.digest("hex");
}

function listFiles(folder: string, source: string): string[] {
  const root = join(folder, source);
  if (!fs.existsSync(root)) return [];
  return fs
    .readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((path) => !/\.test\.tsx?$|^prisma\/generated\/|\/corpus\//.test(path))
    .sort();
}

/** Whether `distDir` holds a complete build of these sources: a killed build has no stamp. */
export function isBuilt(distDir: string, hash: string): boolean {
  try {
    const stamp = JSON.parse(fs.readFileSync(stampOf(distDir), "utf8")) as Stamp;
    return stamp.sources === hash && stamp.buildId === buildIdOf(distDir);
  } catch {
    return false;
  }
}

/** Runs `next build` into `distDir`; the stamp is removed first and written last. */
export async function build(distDir: string, hash: string) {
  fs.rmSync(stampOf(distDir), { force: true });
  nameBuild(hash);
  const { code, output } = await runNext(["build"]);
  if (code !== 0) throw failedBuild(output);
  await packBuild(join(projectFolder, distDir));
  const stamp: Stamp = { sources: hash, buildId: buildIdOf(distDir) };
  fs.writeFileSync(`${stampOf(distDir)}.new`, JSON.stringify(stamp));
  fs.renameSync(`${stampOf(distDir)}.new`, stampOf(distDir));
}

/**
 * What Next would draw by lot: machines that build the same sources apart serve one another's pages, files and forms.
 * The key is for names only; what a running process seals it seals with the installation's (lib/machine/web/main.ts).
 */
function nameBuild(hash: string) {
  env.buildId = hash.slice(0, 20);
  env.formKey = createHash("sha256").update(`forms ${hash}`).digest();
}

function runNext(args: string[]): Promise<{ code: number | null; output: string }> {
  const next = join(projectFolder, "node_modules/next/dist/bin/next");
  const child = spawn(process.execPath, ["--import", endWithParent, next, ...args], {
    cwd: projectFolder,
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  let output = "";
  const collect = (chunk: Buffer) => {
    output += chunk;
  };
  child.stdout?.on("data", collect);
  child.stderr?.on("data", collect);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, output }));
  });
}

/** Generates the Prisma client unless it is that of the schema as it stands: others may be importing it. */
export function generateClient() {
  const schema = fs.readFileSync(join(projectFolder, "prisma/schema.prisma"));
  const hash = createHash("sha256").update(schema).digest("hex");
  const stamp = join(projectFolder, "prisma/generated/schema.sha256");
  if (fs.existsSync(stamp) && fs.readFileSync(stamp, "utf8") === hash) return;
  const prisma = join(projectFolder, "node_modules/prisma/build/index.js");
  const run = spawnSync(process.execPath, [prisma, "generate"], { cwd: projectFolder, encoding: "utf8" });
  if (run.status !== 0) throw failedBuild(`${run.stdout}\n${run.stderr}`);
  fs.writeFileSync(stamp, hash);
}

const stampOf = (distDir: string) => join(projectFolder, distDir, "complete.json");

const buildIdOf = (distDir: string) =>
  fs.readFileSync(join(projectFolder, distDir, "BUILD_ID"), "utf8").trim();

function failedBuild(output: string): Explained {
  const full = /ENOSPC|No space left/.test(output);
  return new Explained(
    full
      ? "Disque plein : libérez au moins 1 Go et relancez. Rien n’est perdu."
      : `La construction de l’application a échoué :\n${output.trim()}`,
    full
      ? "Disk full: free at least 1 GB and run again. Nothing is lost."
      : "The build failed (its words are above).",
  );
}
