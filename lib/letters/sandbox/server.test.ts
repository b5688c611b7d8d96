import "#testing/database";
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createTransport } from "nodemailer";
import { findSandboxRelay } from "#lib/letters/relays/access";
import { sandboxPort } from "#lib/letters/relays/sandbox-port";
import { clearSandbox } from "#lib/letters/sandbox/mutations";
import { listSandboxMessages } from "#lib/letters/sandbox/queries";
import { type Sandbox, startSandbox } from "#lib/letters/sandbox/server";
import { db } from "#lib/machine/db";

let sandbox: Sandbox;
before(async () => {
  sandbox = await startSandbox((await findSandboxRelay()) ?? 0);
});
after(() => sandbox.close());

const send = (to: string, subject = "Été", messageId = "<d.1.aa@src.example>") =>
  createTransport({ host: "127.0.0.1", port: sandbox.port, ignoreTLS: true }).sendMail({
    from: "newsletter@src.example",
    to,
    subject,
    text: "Bonjour",
    messageId,
  });

test("an accepted mail is kept before it is answered", async () => {
  const info = await send("lea@exemple.fr");
  assert.match(info.response, /^250 2\.0\.0/);
  const { messages } = await listSandboxMessages({ folder: "sent", q: "LEA@" });
  assert.deepEqual(
    messages.map(({ recipient, subject }) => [recipient, subject]),
    [["lea@exemple.fr", "Été"]],
  );
  const kept = await db.sandboxMessage.findMany({ where: { folder: "sent" }, select: { messageId: true } });
  assert.deepEqual(kept, [{ messageId: "<d.1.aa@src.example>" }]);
  assert.equal(sandboxPort(), sandbox.port);
});

test("marked addresses are refused with the codes and words of real servers", async () => {
  const refusal = (to: string) =>
    send(to).then(
      () => null,
      (error: Error & { responseCode: number; response: string }) => error,
    );
  const permanent = await refusal("lea+refus-permanent@exemple.fr");
  assert.equal(permanent?.responseCode, 550);
  assert.match(permanent?.response ?? "", /5\.1\.1/);
  assert.equal((await refusal("lea+boite-pleine@exemple.fr"))?.responseCode, 552);
  assert.match((await refusal("lea+quota@exemple.fr"))?.response ?? "", /5\.4\.5 Daily user sending limit/);
  assert.equal((await refusal("lea+refus-temporaire@exemple.fr"))?.responseCode, 451);
  assert.equal(await refusal("lea+refus-temporaire@exemple.fr"), null, "the second try is accepted");
  const { messages } = await listSandboxMessages({ folder: "sent", q: "refus-permanent" });
  assert.deepEqual(messages, []);
});

test("a hundred mails at once are all kept, and each marked one has its answer", async () => {
  await clearSandbox(null);
  await Promise.all(
    Array.from({ length: 100 }, (_, n) => send(`p${n}${n % 10 === 0 ? "+reponse" : ""}@exemple.fr`)),
  );
  assert.equal(await db.sandboxMessage.count({ where: { folder: "sent" } }), 100);
  assert.equal(await db.sandboxMessage.count({ where: { folder: "inbox" } }), 10);
});

test("a mail that cannot be kept is not accepted", async () => {
  await assert.rejects(
    (async () => {
      const other = await startSandbox(999_999);
      try {
        await createTransport({ host: "127.0.0.1", port: other.port, ignoreTLS: true }).sendMail({
          from: "a@b.example",
          to: "c@d.example",
          text: "x",
        });
      } finally {
        await other.close();
      }
    })(),
    /451 4\.3\.0/,
  );
});

test("a taken port gives another", async () => {
  const relayId = (await findSandboxRelay()) ?? 0;
  const other = await startSandbox(relayId, { port: sandbox.port });
  assert.notEqual(other.port, sandbox.port);
  await other.close();
});
