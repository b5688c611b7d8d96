import "#testing/database";
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { createTransport } from "nodemailer";
import { may } from "#lib/department/permissions";
import { compose, prepare } from "#lib/letters/deliveries/compose";
import { readOriginal } from "#lib/letters/sandbox/original";
import { readSandboxMessage } from "#lib/letters/sandbox/queries";
import { composeReport } from "#lib/letters/sandbox/reports";
import { type Sandbox, startSandbox } from "#lib/letters/sandbox/server";
import { db, sql, transaction } from "#lib/machine/db";
import { createUser } from "#lib/office/users/command";
import { inviteUser, requestReset } from "#lib/office/users/invite";
import { findLink, hashToken } from "#lib/office/users/links";
import { readReceived } from "#lib/returns/received/queries";
import { readIncoming } from "#lib/returns/received/read";
import { recordMail } from "#lib/returns/received/record";

let sandbox: Sandbox;
let relayId = 0;
before(async () => {
  relayId = (await db.relay.findFirstOrThrow({ where: { kind: "sandbox" } })).id;
  sandbox = await startSandbox(relayId);
});
after(() => sandbox.close());
beforeEach(async () => {
  await sql`truncate users, user_tokens, sign_in_failures, contents, sandbox_messages, received_mails restart identity cascade`;
  await createUser(
    { email: "ada@src.example", name: "Ada", role: "administrator" },
    "une phrase bien longue",
  );
});

/** What the engine does with the last letter: composes it and hands it to the sandbox. Gives the token it carried. */
async function deliver(): Promise<{ raw: Buffer; token: string; from: string; to: string }> {
  const delivery = await db.delivery.findFirstOrThrow({ orderBy: { id: "desc" } });
  const { id, generation, address } = delivery;
  const { raw, from } = compose(await prepare(delivery.contentId), {
    id,
    generation,
    address,
    variables: {},
  });
  const transport = createTransport({ host: "127.0.0.1", port: sandbox.port, ignoreTLS: true });
  await transport.sendMail({ envelope: { from, to: [address] }, raw });
  const text = raw.toString().replaceAll("=\r\n", "");
  const token = /(?:reinitialisation|invitation)\/([\w-]{43})/.exec(text)?.[1] ?? "";
  assert.equal(token.length, 43, "the addressee gets the whole link");
  return { raw, token, from, to: address };
}

/** All that a role is shown of a message, as one text. */
const shown = async (id: number, role: "administrator" | "secretariat" | "teacher") =>
  JSON.stringify(await readSandboxMessage(id, may(role, "secrets.read")));
const inSandbox = (folder: string) => db.sandboxMessage.findFirstOrThrow({ where: { folder } });

test("a teacher asks for the administrator's reset and finds no link in the sandbox", async () => {
  await requestReset("ada@src.example");
  const { token } = await deliver();
  assert.ok(await findLink("reset", token), "the link works");
  const { id } = await inSandbox("sent");
  for (const role of ["teacher", "secretariat"] as const) {
    const seen = await shown(id, role);
    assert.ok(!seen.includes(token), `${role} reads the token`);
    assert.ok(!seen.replaceAll("=\\r\\n", "").includes(token.slice(0, 20)), `${role} reads half of it`);
    assert.match(seen, /mot de passe/, "the letter is read, without its link");
  }
  assert.ok((await shown(id, "administrator")).includes(token));
});

test("the token is nowhere in the database but sealed", async () => {
  await inviteUser({ email: "nadia@src.example", name: "Nadia", role: "teacher" }, null);
  const content = await db.content.findFirstOrThrow();
  const { token } = await deliver();
  assert.ok(!`${content.html}${content.text}${content.subject}`.includes(token));
  assert.ok(!Buffer.from(content.sealedSecret ?? []).includes(token));
  assert.deepEqual(Buffer.from(content.secretHash ?? []), hashToken(token));
});

test("a bounced copy shows its letter to nobody but administrators, in the sandbox and in the mailbox", async () => {
  await inviteUser({ email: "nadia+rebond-dur@src.example", name: "Nadia", role: "teacher" }, null);
  const { raw, token, from, to } = await deliver();
  const bounced = await inSandbox("inbox");
  assert.ok(bounced.carriesSecret);
  const report = composeReport("hard", readOriginal(raw, from, to)).toString();
  // Servers that send the whole letter back, and say what they minded in it.
  const whole = report
    .replace("text/rfc822-headers", "message/rfc822")
    .replace(/(Message-ID: <d\.[\s\S]*)$/i, () => raw.toString())
    .replace(/(Diagnostic-Code: smtp;)/, `$1 550 5.7.1 listed: https://src.example/invitation/${token}`);
  assert.ok(whole.includes(raw.toString().slice(0, 200)));
  const id = await receive(Buffer.from(whole));
  for (const allowed of [false, true]) {
    const seen = JSON.stringify(await readReceived(id, allowed)).replaceAll("=\\r\\n", "");
    assert.equal(seen.includes(token), allowed, String(allowed));
  }
  assert.ok((await db.bounce.findMany()).every(({ diagnostic }) => !diagnostic.includes(token)));
});

test("a mail that quotes the link without naming the letter is known by the link itself", async () => {
  await requestReset("ada@src.example");
  const { token } = await deliver();
  const link = `https://src.example/reinitialisation/${token}`;
  const quoted = [
    `Content-Type: text/plain\r\n\r\nTransféré : ${link}.`,
    `Content-Type: text/plain\r\n\r\n> ${link.slice(0, 60)}\r\n> ${link.slice(60)}\r\n`,
    `Content-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from(`<a href="${link}">ici</a>`).toString("base64")}`,
    `Content-Type: text/plain\r\n\r\nhttps://eur.safelinks.example/?url=${encodeURIComponent(link)}&data=x`,
    `Content-Type: text/plain\r\nX-Spam-Report: ${link}\r\n\r\nrien`,
  ];
  for (const [n, rest] of quoted.entries()) {
    const id = await receive(
      Buffer.from(
        `From: zoe@exemple.fr\r\nTo: src@src.example\r\nSubject: Fwd ${n} ${link}\r\nMIME-Version: 1.0\r\n${rest}`,
      ),
    );
    const seen = JSON.stringify(await readReceived(id, false));
    assert.ok(!seen.includes(token.slice(0, 30)), `${n}: ${seen}`);
  }
  const id = await receive(
    Buffer.from("From: zoe@exemple.fr\r\nSubject: Bonjour\r\n\r\nUn mot /reinitialisation/ comme un autre"),
  );
  assert.match(JSON.stringify(await readReceived(id, false)), /comme un autre/);
});

let uid = 0;
async function receive(raw: Buffer): Promise<number> {
  const read = await readIncoming({ uid: ++uid, uidValidity: 1n, raw, receivedAt: new Date() });
  const id = await transaction((client) => recordMail(client, relayId, read));
  assert.ok(id);
  return id;
}
