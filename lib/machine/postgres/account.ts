/** The system account PostgreSQL runs as: it refuses to run as root. */
import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { userInfo } from "node:os";
import { Explained } from "#lib/machine/explained";

/** User and group to run as; empty when the current user will do. */
export type Account = { uid?: number; gid?: number };

/** Environment of the server's programs: English messages, UTC, and nothing of ours such as DATABASE_URL. */
export const bareEnvironment: NodeJS.ProcessEnv = {
  NODE_ENV: "production",
  LC_ALL: "C",
  TZ: "UTC",
  PATH: "/usr/sbin:/sbin:/usr/bin:/bin",
};

/**
 * Account for a data folder. An existing folder belongs to whoever made it, so that `sudo npm start`
 * on an ordinary user's installation keeps working; a new one, as root, goes to `postgres`.
 */
export function serverAccount(data: string): Account {
  if (process.getuid?.() !== 0) return refuseForeign(data);
  const owner = statSync(data, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) return { uid: owner.uid, gid: owner.gid };
  return systemAccount("postgres") ?? refuseRoot();
}

function refuseForeign(data: string): Account {
  const owner = statSync(data, { throwIfNoEntry: false });
  if (!owner || owner.uid === process.getuid?.()) return {};
  throw new Explained(
    `Les données de ${data} appartiennent à un autre utilisateur (uid ${owner.uid}) que ${userInfo().username}. Relancez avec cet utilisateur ou en root.`,
    `The data in ${data} belongs to another user (uid ${owner.uid}) than ${userInfo().username}. Run again as that user or as root.`,
  );
}

/** The system's account of that name, made when there is none; undefined when it cannot be. Only root may ask. */
export function systemAccount(name: string): Required<Account> | undefined {
  return lookUp(name) ?? create(name);
}

function lookUp(name: string): Required<Account> | undefined {
  const ids = ["-u", "-g"].map((flag) => spawnSync("id", [flag, name], { encoding: "utf8" }));
  if (ids.some((id) => id.status !== 0)) return undefined;
  const [uid = 0, gid = 0] = ids.map((id) => Number.parseInt(id.stdout, 10));
  return { uid, gid };
}

function create(name: string): Required<Account> | undefined {
  // The first is everywhere but on BusyBox systems, the second is theirs.
  const ways = [
    ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/bin/false", name],
    ["adduser", "-S", "-D", "-H", name],
  ];
  for (const [command = "", ...args] of ways) {
    spawnSync(command, args, { env: bareEnvironment });
    const account = lookUp(name);
    if (account) return account;
  }
  return undefined;
}

function refuseRoot(): never {
  throw new Explained(
    "PostgreSQL refuse de tourner en root et l’utilisateur système « postgres » n’a pas pu être créé. Créez-le (useradd --system postgres), ou lancez npm start avec un utilisateur ordinaire, ou donnez DATABASE_URL.",
    'PostgreSQL refuses to run as root and the system user "postgres" could not be created. Create it (useradd --system postgres), or run npm start as an ordinary user, or set DATABASE_URL.',
  );
}
