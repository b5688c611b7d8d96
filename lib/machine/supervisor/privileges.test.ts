import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { after, test } from "node:test";
import { projectFolder } from "#lib/machine/supervisor/build";

// There is nothing to drop for anybody else.
const asRoot = process.getuid?.() === 0 ? test : () => {};
const folder = fs.mkdtempSync(join(tmpdir(), "src-privileges-"));
fs.chmodSync(folder, 0o711);
after(() => fs.rmSync(folder, { recursive: true }));

/** In a process of its own, which reads its own environment and may change who it is. */
function run(code: string, settings: Record<string, string>) {
  const distDir = `${folder}/dist`;
  fs.mkdirSync(distDir, { recursive: true });
  fs.writeFileSync(join(distDir, "BUILD_ID"), "b1");
  const env: NodeJS.ProcessEnv = {
    NODE_ENV: "test",
    PATH: process.env.PATH,
    PORT: "3000",
    SRC_DIST_DIR: relative(projectFolder, distDir),
    ...settings,
  };
  const done = spawnSync(process.execPath, ["--input-type=module", "-e", code], {
    cwd: projectFolder,
    env,
    encoding: "utf8",
  });
  assert.equal(done.status, 0, done.stderr);
  return done.stdout.trim();
}

const become = `
  const { dropPrivileges } = await import("#lib/machine/supervisor/privileges");
  const { env } = await import("#lib/machine/env");
  const fs = await import("node:fs");
  dropPrivileges();
  // Read anew, as the web process does: this one had the key before it left root.
  const { spawnSync } = await import("node:child_process");
  const read = 'console.log((await import("#lib/machine/env")).env.secret.toString("hex"))';
  const key = spawnSync(process.execPath, ["--input-type=module", "-e", read], { encoding: "utf8" }).stdout.trim();
  fs.appendFileSync(env.dataDir + "/erasures.jsonl", "{}\\n");
  for (const name of ["generations", "oppositions", "backups"]) {
    fs.mkdirSync(env.dataDir + "/" + name, { recursive: true });
    fs.writeFileSync(env.dataDir + "/" + name + "/x", "");
  }
  const tries = ["/etc/shadow", env.dataDir + "/postgres.json"].map((file) => { try { fs.readFileSync(file); return "read"; } catch (error) { return error.code; } });
  console.log(JSON.stringify({ uid: process.getuid(), groups: process.getgroups(), key, tries }));`;

asRoot(
  "as root, the process becomes somebody who has the key and the journal, and nothing else of root's",
  () => {
    const data = join(folder, "data");
    fs.mkdirSync(data, { mode: 0o711 });
    fs.writeFileSync(join(data, "postgres.json"), "{}", { mode: 0o600 });
    const [said = "", told = "{}"] = run(become, { SRC_DATA_DIR: data }).split("\n");
    const { uid, groups, key, tries } = JSON.parse(told);
    assert.match(said, /^Web et worker tournent sous l’utilisateur src-crm, pas en root\.$/);
    assert.notEqual(uid, 0);
    assert.ok(!groups.includes(0), String(groups));
    assert.equal(key.length, 64);
    assert.deepEqual(tries, ["EACCES", "EACCES"]);
    assert.equal(fs.statSync(join(data, "secret.key")).uid, uid);
    assert.equal(fs.statSync(join(data, "secret.key")).mode & 0o777, 0o600);
    assert.equal(fs.statSync(data).uid, 0);
  },
);

asRoot("as root in a folder that only root reads, it stays root and says why", () => {
  const data = join(folder, "closed");
  fs.mkdirSync(data, { mode: 0o700 });
  const [said = "", told = "{}"] = run(become, { SRC_DATA_DIR: data }).split("\n");
  assert.match(
    said,
    /^Web et worker tournent en root : un utilisateur ordinaire ne peut pas lire .*closed\/.* dans \/opt\.$/,
  );
  assert.equal(JSON.parse(told).uid, 0);
});

asRoot("as root on a port of root's, it stays root and says why", () => {
  const said = run(become, { SRC_DATA_DIR: join(folder, "low"), PORT: "80" }).split("\n")[0] ?? "";
  assert.match(said, /^Web et worker tournent en root : le port 80 n’est permis qu’à root\.$/);
});

test("as anybody else there is nothing to change or say", () => {
  const code = `
    if (process.getuid() === 0) process.setuid(65534);
    const { unprivilegedAccount } = await import("#lib/machine/supervisor/privileges");
    console.log(JSON.stringify(unprivilegedAccount()));`;
  assert.equal(
    run(code, { SRC_DATA_DIR: join(folder, "none") }),
    JSON.stringify({ account: {}, said: null }),
  );
});
