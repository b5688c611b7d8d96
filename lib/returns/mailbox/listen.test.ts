/** A mail that comes wakes its reader; whatever a server does, polling goes on and the connection costs no more than itself. */
import "#testing/database";
import assert from "node:assert/strict";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { after, before, beforeEach, test } from "node:test";
import { db, sql } from "#lib/machine/db";
import { beat } from "#lib/machine/installation/beat";
import { startListening } from "#lib/returns/mailbox/listen";
import { pollMailboxes } from "#lib/returns/mailbox/poll";
import { type Dovecot, mailFolder, startDovecot } from "#testing/dovecot";
import { giveMailbox } from "#testing/mail-accounts";
import { until } from "#testing/until";

const timely = { timeout: 60_000 };
const patience = { setup: 3_000, silence: 3_000, command: 3_000, total: 60_000, bytes: 1 << 24 };
const ears = { session: 60_000, renew: 300, pace: 50, bytes: 200_000, patience };
let server: Dovecot;
let relayId: number;
before(async () => {
  server = await startDovecot();
  await sql`update relays set archived_at = now()`;
  const relay = await db.relay.create({ data: { name: "Alias", kind: "smtp", host: "127.0.0.1" } });
  relayId = relay.id;
  await giveMailbox(relayId, server, mailFolder);
  await beat();
  await pollMailboxes();
});
after(() => server.stop());
/** Nobody polls: what is read, was rung for. */
beforeEach(() => set({ dueAt: new Date(Date.now() + 3600_000), failures: 0, error: null }));

const set = (data: object) => db.mailbox.update({ where: { relayId }, data });
const listener = () => db.mailboxListener.findUnique({ where: { relayId } });
const listens = async () => ((await listener())?.leaseUntil ?? new Date(0)) > new Date();
const mails = () => db.receivedMail.count({ where: { relayId } });
let n = 0;
const send = () =>
  server.append(Buffer.from(`From: a@b.example\r\nSubject: Courrier ${++n}\r\n\r\nBonjour ${n}\r\n`));

test("a mail is read within seconds of its arrival, by two workers once", timely, async (t) => {
  const [one, two] = [startListening(ears), startListening(ears)];
  t.after(() => Promise.all([one.stop(), two.stop()]));
  await until(listens, "listening");
  for (const count of [1, 2]) {
    const at = performance.now();
    await send();
    await until(async () => (await mails()) === count, "the mail");
    assert.ok(performance.now() - at < 5_000, "far below the minute of polling");
  }
  await Promise.all([one.stop(), two.stop()]);
  assert.equal(await listens(), false, "who stops gives its place back");
});

test("a mailbox that is being read when the bell rings is read once more afterwards", timely, async (t) => {
  const known = await mails();
  const ears2 = startListening(ears);
  t.after(() => ears2.stop());
  await until(listens, "listening");
  await set({ leaseToken: crypto.randomUUID(), leaseUntil: new Date(Date.now() + 3600_000) });
  await send();
  await set({ leaseToken: null, leaseUntil: null, dueAt: new Date(Date.now() + 3600_000) });
  await until(async () => (await mails()) === known + 1, "the mail");
});

test(
  "nobody listens where the reader was refused, and new settings end the old connection",
  timely,
  async (t) => {
    await set({ failures: 1, error: "auth" });
    const heard = startListening(ears);
    t.after(() => heard.stop());
    await until(async () => (await listener()) !== null, "the row");
    assert.equal(await listens(), false);
    await heard.stop();
    await set({ failures: 0, error: null });
    const again = startListening(ears);
    t.after(() => again.stop());
    await until(listens, "listening");
    await db.mailboxListener.delete({ where: { relayId } });
    await again.stop();
  },
);

/** Lets in, opens, and answers IDLE as told. */
async function strange(capabilities: string, idle: (socket: Socket, tag: string) => void) {
  const held = new Set<Socket>();
  const strange = createServer((socket) => {
    held.add(socket.on("error", () => {}));
    socket.write(`* OK [CAPABILITY IMAP4rev1 ${capabilities}] ready\r\n`);
    socket.on("data", (data) => {
      for (const line of String(data).split("\r\n").filter(Boolean)) {
        const [tag = "", verb = ""] = line.split(" ");
        if (verb === "IDLE") idle(socket, tag);
        else if (verb === "EXAMINE")
          socket.write(
            `* 1 EXISTS\r\n* OK [UIDVALIDITY 1] x\r\n* OK [UIDNEXT 2] x\r\n${tag} OK [READ-ONLY] x\r\n`,
          );
        else socket.write(`* CAPABILITY IMAP4rev1 ${capabilities}\r\n${tag} OK done\r\n`);
      }
    });
  });
  await new Promise<void>((done) => strange.listen(0, "127.0.0.1", done));
  const { port } = strange.address() as AddressInfo;
  await set({ port });
  await db.mailboxListener.deleteMany({ where: { relayId } });
  const heard = startListening(ears);
  return async () => {
    await heard.stop();
    for (const socket of held) socket.destroy();
    strange.close();
    await set({ port: server.port });
  };
}

test("a server without IDLE is not asked again for an hour", timely, async (t) => {
  t.after(await strange("", () => assert.fail("it never said that it could")));
  await until(
    async () => ((await listener())?.dueAt ?? new Date(0)).getTime() > Date.now() + 3_000_000,
    "an hour",
  );
  assert.equal((await listener())?.error, null);
});

test("a connection that is cut is made again later and later", timely, async (t) => {
  t.after(await strange("IDLE", (socket) => socket.destroy()));
  await until(async () => (await listener())?.failures === 1, "the fault");
});

test("so is one that ends politely, each time, as soon as it is made", timely, async (t) => {
  const bye = (socket: Socket, tag: string) => socket.end(`+ idling\r\n${tag} OK done\r\n* BYE\r\n`);
  t.after(await strange("IDLE", bye));
  await until(async () => (await listener())?.failures === 1, "the fault");
});

test("a server that rings without end is hung up on", timely, async (t) => {
  const pour = (socket: Socket) => {
    const more = () => {
      if (socket.destroyed) return;
      socket.write("* 2 EXISTS\r\n".repeat(200));
      setTimeout(more, 5);
    };
    socket.write("+ idling\r\n");
    more();
  };
  t.after(await strange("IDLE", pour));
  await until(async () => (await listener())?.failures === 1, "the fault");
  assert.equal((await listener())?.error, "notMail");
});
