import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { PHASE_PRODUCTION_BUILD, PHASE_PRODUCTION_SERVER } from "next/constants.js";
import { projectFolder } from "#lib/machine/supervisor/build";

/** What reading the configuration leaves in the folder it is read from. */
function written(phase: string): boolean {
  const folder = mkdtempSync(join(tmpdir(), "configuration-"));
  try {
    mkdirSync(join(folder, "app"));
    writeFileSync(join(folder, "app/i18n.ts"), "");
    const config = JSON.stringify(join(projectFolder, "next.config.ts"));
    const code = `const { default: read } = await import(${config}); if (!read(${JSON.stringify(phase)}).distDir) throw new Error("none")`;
    const run = spawnSync(process.execPath, ["--input-type=module", "-e", code], {
      cwd: folder,
      env: { ...process.env, SRC_DIST_DIR: ".next-elsewhere" },
      encoding: "utf8",
    });
    assert.equal(run.status, 0, run.stderr);
    return existsSync(join(folder, ".data"));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test("a build beside another writes its own tsconfig; what is served writes nothing, as it may not", () => {
  assert.equal(written(PHASE_PRODUCTION_BUILD), true);
  assert.equal(written(PHASE_PRODUCTION_SERVER), false);
});
