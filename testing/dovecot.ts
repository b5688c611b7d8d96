/** A real IMAP server for tests: Dovecot on a free loopback port, with one account in a temporary folder. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import { ImapFlow } from "imapflow";
import { freePort } from "#lib/machine/network/free-port";

export const account = { username: "newsletter", password: "un mot de passe" };

export type Dovecot = {
  port: number;
  append(raw: Buffer, at?: Date, folder?: string): Promise<void>;
  /** Many at once, of now. */
  appendAll(mails: Buffer[], folder: string): Promise<void>;
  create(folder: string): Promise<void>;
  remove(folder: string): Promise<void>;
  /** All its mails are deleted; the folder stays the same. */
  empty(folder: string): Promise<void>;
  /** Recreates the folder: its mails get new numbers under a new UIDVALIDITY. */
  renumber(folder?: string): Promise<void>;
  move(from: string, to: string): Promise<void>;
  flags(): Promise<string[][]>;
  /** All its mails, whole. */
  mails(folder: string): Promise<string[]>;
  /** From now on the folder takes nothing, or takes mails again. */
  lock(folder: string, locked: boolean): Promise<void>;
  stop(): Promise<void>;
};

/** Not INBOX, which cannot be deleted: a folder filled by a filter, as the secretariat's would be. */
export const mailFolder = "Retours";
/** Has the attribute \Sent (RFC 6154) once it is created, whatever its name. */
export const sentFolder = "Copies";
/** The same for \Junk. */
export const junkFolder = "Filtre";

const binary = "/usr/sbin/dovecot";

/**
 * `introspection`: the address that says whose an access token is (RFC 7662); with it XOAUTH2 is offered too.
 * @throws when Dovecot is not installed: the test suite installs it and never skips.
 */
export async function startDovecot({ introspection }: { introspection?: string } = {}): Promise<Dovecot> {
  if (!existsSync(binary)) throw new Error("dovecot is missing: apt-get install dovecot-imapd");
  const folder = await mkdtemp(join(tmpdir(), "src-dovecot-"));
  await chmod(folder, 0o755);
  const port = await freePort();
  await mkdir(join(folder, "mail"));
  await chmod(join(folder, "mail"), 0o777);
  await writeFile(join(folder, "users"), `${account.username}:{PLAIN}${account.password}\n`, { mode: 0o644 });
  const tokens = introspection ? await tokenLogins(folder, introspection) : "";
  await writeFile(join(folder, "dovecot.conf"), configuration(folder, port) + tokens);
  const child = spawn(binary, ["-F", "-c", join(folder, "dovecot.conf")], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  await listening(port, child);
  await asOwner(port, (client) => client.mailboxCreate(mailFolder));
  return {
    port,
    append: (raw, at, folder = mailFolder) =>
      asOwner(port, async (client) => void (await client.append(folder, raw, [], at))),
    appendAll: (mails, folder) =>
      asOwner(port, async (client) => {
        for (const raw of mails) await client.append(folder, raw);
      }),
    create: (folder) => asOwner(port, async (client) => void (await client.mailboxCreate(folder))),
    remove: (folder) => asOwner(port, async (client) => void (await client.mailboxDelete(folder))),
    empty: (folder) =>
      asOwner(port, async (client) => {
        await client.mailboxOpen(folder);
        await client.messageDelete("1:*");
      }),
    renumber: (folder = mailFolder) =>
      asOwner(port, async (client) => {
        await client.mailboxOpen(folder);
        const mails = await client.fetchAll("1:*", { source: true, internalDate: true });
        await client.mailboxClose();
        await client.mailboxDelete(folder);
        await client.mailboxCreate(folder);
        for (const { source, internalDate } of mails)
          if (source) await client.append(folder, source, [], internalDate);
      }),
    move: (from, to) =>
      asOwner(port, async (client) => {
        await client.mailboxOpen(from);
        await client.messageMove("1:*", to);
      }),
    flags: () =>
      asOwner(port, async (client) => {
        await client.mailboxOpen(mailFolder, { readOnly: true });
        return (await client.fetchAll("1:*", { flags: true })).map(({ flags }) =>
          [...(flags ?? [])].filter((flag) => flag !== "\\Recent"),
        );
      }),
    mails: (folder) =>
      asOwner(port, async (client) => {
        const opened = await client.mailboxOpen(folder, { readOnly: true });
        if (opened.exists === 0) return [];
        return (await client.fetchAll("1:*", { source: true })).map(({ source }) => source?.toString() ?? "");
      }),
    lock: (name, locked) => chmod(join(folder, "mail", `.${name}`, "tmp"), locked ? 0o555 : 0o777),
    stop: async () => {
      const gone = new Promise((resolve) => child.once("exit", resolve));
      child.kill("SIGTERM");
      await gone;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function configuration(folder: string, port: number): string {
  const { username, uid } = userInfo();
  // As root Dovecot steps down to its own accounts; as anybody else everything runs as that person.
  const users =
    uid === 0
      ? ["mail_uid = nobody", "mail_gid = nogroup"]
      : [`default_internal_user = ${username}`, `default_login_user = ${username}`];
  return `
base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = /dev/null
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
first_valid_uid = 1
mail_location = maildir:${folder}/mail
${users.join("\n")}
namespace inbox {
  inbox = yes
  mailbox ${sentFolder} {
    special_use = \\Sent
  }
  mailbox ${junkFolder} {
    special_use = \\Junk
  }
}
service imap-login {
  chroot =
  inet_listener imap { 
    port = ${port} 
  }
  inet_listener imaps { 
    port = 0 
  }
}
service anvil { 
  chroot = 
}
passdb {
  driver = passwd-file
  args = ${folder}/users
}
userdb {
  driver = static
  args = home=${folder}/mail ${uid === 0 ? "uid=nobody gid=nogroup" : `uid=${uid}`}
}
`;
}

async function tokenLogins(folder: string, introspection: string): Promise<string> {
  const settings = `
introspection_mode = get
introspection_url = ${introspection}?token=
username_attribute = email
`;
  await writeFile(join(folder, "oauth2.conf"), settings, { mode: 0o644 });
  return `
auth_mechanisms = plain login xoauth2 oauthbearer
passdb {
  driver = oauth2
  mechanisms = xoauth2 oauthbearer
  args = ${folder}/oauth2.conf
}
`;
}

async function asOwner<T>(port: number, work: (client: ImapFlow) => Promise<T>): Promise<T> {
  const client = new ImapFlow({
    host: "127.0.0.1",
    port,
    secure: false,
    auth: { user: account.username, pass: account.password },
    logger: false,
  });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.logout();
  }
}

async function listening(port: number, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (child.exitCode !== null) throw new Error(`dovecot ended with ${child.exitCode}`);
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, "127.0.0.1", () => resolve(true)).once("error", () => resolve(false));
      socket.once("connect", () => socket.destroy());
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("dovecot does not answer");
}
