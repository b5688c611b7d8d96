/** A server that is not ours, of another version: Debian's takes a backup of the embedded one, structure and rows. */
import "#testing/database";
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { Client } from "pg";
import { readHeader } from "#lib/machine/backups/format";
import { restoreBackup } from "#lib/machine/backups/restore";
import { writeBackup } from "#lib/machine/backups/write";
import { disconnect } from "#lib/machine/db";
import { freePort } from "#lib/machine/network/free-port";
import { bareEnvironment, systemAccount } from "#lib/machine/postgres/account";
import { sendingCampaign } from "#testing/deliveries";
import { until } from "#testing/until";

const folder = fs.mkdtempSync(join(tmpdir(), "src-elsewhere-"));
after(() => fs.rmSync(folder, { recursive: true }));
after(disconnect);

const answers = (url: string) => {
  const client = new Client({ connectionString: url });
  client.on("error", () => {});
  return client.connect().then(
    () => client,
    () => null,
  );
};

test("every migration and every row are taken by the oldest server that Debian has here", async (t) => {
  const [oldest = 0] = fs
    .readdirSync("/usr/lib/postgresql")
    .map(Number)
    .filter((version) => version >= 15)
    .sort((a, b) => a - b);
  t.diagnostic(`PostgreSQL ${oldest}`);
  const programs = `/usr/lib/postgresql/${oldest}/bin`;
  const data = join(folder, "data");
  fs.mkdirSync(data, { mode: 0o700 });
  const account = process.getuid?.() === 0 ? systemAccount("postgres") : undefined;
  if (account) for (const path of [folder, data]) fs.chownSync(path, account.uid, account.gid);
  const options = { ...account, cwd: "/", env: bareEnvironment };
  const made = spawnSync(
    `${programs}/initdb`,
    ["-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--no-sync"],
    { ...options, encoding: "utf8" },
  );
  assert.equal(made.status, 0, made.stderr);
  const port = await freePort();
  const settings = ["fsync=off", "unix_socket_directories=", "listen_addresses=127.0.0.1", `port=${port}`];
  const server = spawn(`${programs}/postgres`, ["-D", data, ...settings.flatMap((one) => ["-c", one])], {
    ...options,
    stdio: "ignore",
  });
  t.after(async () => {
    server.kill("SIGQUIT");
    await once(server, "exit");
  });
  const url = `postgresql://postgres@127.0.0.1:${port}/postgres`;
  let client: Client | null = null;
  await until(async () => {
    client = await answers(url);
    return client;
  }, "the server answers");
  await sendingCampaign({ port: 1, recipients: 50 });
  const file = join(folder, "a.backup");
  await writeBackup(process.env.DATABASE_URL ?? "", file, null);
  const restored = await restoreBackup(url, file, await readHeader(file));
  assert.ok(restored.rows > 50);
  await (client as Client | null)?.end();
});
