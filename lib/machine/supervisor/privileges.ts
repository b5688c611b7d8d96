/** The account of web and worker when somebody starts as root: whoever breaks into them must not own the machine. */
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { join } from "node:path";
import { backupFolder } from "#lib/machine/backups/folder";
import { env } from "#lib/machine/env";
import { attachmentsHome, oppositionsFolder, witnessFolder } from "#lib/machine/installation/witness";
import { type Account, systemAccount } from "#lib/machine/postgres/account";
import { projectFolder } from "./build.ts";

/** `account` is empty where the processes stay what we are; `said` is a sentence for whoever starts, null without a subject. */
export type Unprivileged = { account: Account; said: string | null };

const name = "src-crm";

/** Decides, and gives that account the few files that the processes write. */
export function unprivilegedAccount(distDir = env.distDir): Unprivileged {
  if (process.getuid?.() !== 0) return { account: {}, said: null };
  if (env.port < 1024) return stays(`le port ${env.port} n’est permis qu’à root`);
  const owner = fs.statSync(projectFolder);
  // `sudo npm start` on somebody's own folder: they can read it.
  const account = owner.uid === 0 ? systemAccount(name) : { uid: owner.uid, gid: owner.gid };
  if (!account) return stays(`l’utilisateur ${name} n’a pas pu être créé (useradd --system ${name})`);
  for (const file of written()) fs.lchownSync(file, account.uid, account.gid);
  const obstacle = unreadable(account, distDir);
  if (obstacle)
    return stays(
      `un utilisateur ordinaire ne peut pas lire ${obstacle} ; placez le dossier par exemple dans /opt`,
    );
  return { account, said: `Web et worker tournent sous l’utilisateur ${nameOf(account.uid)}, pas en root.` };
}

const stays = (why: string): Unprivileged => ({
  account: {},
  said: `Web et worker tournent en root : ${why}.`,
});

/**
 * The key they read, the journal they append to (lib/office/privacy/journal.ts), what they remember of the database, its
 * backups and attachments; the folder stays root's, and all else in it.
 */
function written(): string[] {
  fs.mkdirSync(env.dataDir, { recursive: true, mode: 0o711 });
  const folders = [witnessFolder(), oppositionsFolder(), backupFolder(), attachmentsHome()];
  for (const folder of folders) fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const inside = folders.flatMap((folder) =>
    fs.readdirSync(folder, { recursive: true, encoding: "utf8" }).map((name) => join(folder, name)),
  );
  return [...folders, ...inside, ...writtenFiles()];
}

function writtenFiles(): string[] {
  const journal = join(env.dataDir, "erasures.jsonl");
  fs.closeSync(fs.openSync(journal, "a", 0o600));
  if (env.secret) return [journal, join(env.dataDir, "secret.key")].filter((file) => fs.existsSync(file));
  return [journal];
}

/** Tried for real, as that account, rather than read from modes: the first of the files that it cannot open, or null. */
function unreadable({ uid, gid }: Required<Account>, distDir: string): string | null {
  const sources = [
    "package.json",
    "lib/machine/web/main.ts",
    "prisma/generated/client.ts",
    "node_modules/next/package.json",
    join(distDir, "BUILD_ID"),
  ].map((file) => join(projectFolder, file));
  const code =
    "for (const file of process.argv.slice(1)) { console.log(file); fs.readFileSync(file); } console.log('')";
  const tried = spawnSync(process.execPath, ["-e", code, ...sources, ...writtenFiles()], {
    uid,
    gid,
    cwd: "/",
    encoding: "utf8",
  });
  if (tried.status === 0) return null;
  // Without a word, it could not even run our Node.
  return tried.stdout?.trim().split("\n").at(-1) || projectFolder;
}

const nameOf = (uid: number) =>
  spawnSync("id", ["-nu", String(uid)], { encoding: "utf8" }).stdout.trim() || String(uid);

/** For `npm run web` and `npm run worker`: this very process becomes that account. */
export function dropPrivileges() {
  const { account, said } = unprivilegedAccount();
  if (said) console.log(said);
  const { uid, gid } = account;
  if (uid === undefined || gid === undefined) return;
  process.setgroups?.([gid]);
  process.setgid?.(gid);
  process.setuid?.(uid);
}
