import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { test } from "node:test";
import { createTransport } from "nodemailer";
import { signerOf } from "#lib/letters/dkim/sign";
import { faultOfSignature } from "#testing/dkim-verifier";
import { signedWhole } from "#testing/signed";

const pair = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "der" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});
const publicKey = pair.publicKey.toString("base64");
const signer = signerOf("iut.example", [
  { selector: "src202611", algorithm: "rsa", privateKey: pair.privateKey },
]);

const mail = {
  from: { name: "Département « Services et réseaux »", address: "lettre@iut.example" },
  to: "elodie@exemple.fr",
  subject: "Des nouvelles des anciens élèves : une très longue ligne qui sera pliée, avec des accents é è à",
  messageId: "<d.1.abc@iut.example>",
  date: new Date("2026-11-23T10:00:00Z"),
  text: "Bonjour  Élodie \n\nfin\t \n\n\n",
  html: "<p>Bonjour <b>Élodie</b>  !</p>\n\n",
  headers: {
    "List-Unsubscribe": "<https://src.example/u/x>, <mailto:lettre@iut.example?subject=unsubscribe>",
    "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
  },
};

/** What nodemailer itself would hand to the server. */
async function made(dkim?: object): Promise<Buffer> {
  const info = await createTransport({ streamTransport: true, buffer: true, newline: "windows" }).sendMail({
    ...mail,
    boundaryPrefix: "x",
    ...(dkim && { dkim }),
  } as never);
  return Buffer.from(info.message as Buffer);
}

test("a signed message verifies, and is otherwise the message itself", async () => {
  const raw = await made();
  const signed = await signedWhole(signer, raw);
  assert.equal(faultOfSignature(signed, publicKey), null);
  assert.deepEqual(signed.subarray(signed.length - raw.length), raw);
  const field = signed.toString("latin1", 0, signed.length - raw.length);
  assert.match(
    field,
    /^DKIM-Signature: v=1; a=rsa-sha256; c=relaxed\/relaxed;\r\n d=iut.example; s=src202611;/,
  );
  for (const line of field.split("\r\n")) assert.ok(line.length <= 78, line);
  const names = /h=([^;]+);/.exec(field)?.[1]?.replace(/\s/g, "").split(":") ?? [];
  for (const name of [
    "from",
    "to",
    "subject",
    "date",
    "message-id",
    "list-unsubscribe",
    "list-unsubscribe-post",
    "mime-version",
    "content-type",
  ])
    assert.equal(names.filter((one) => one === name).length, 2, `${name} twice`);
});

test("what is changed on the way is seen", async () => {
  const signed = (await signedWhole(signer, await made())).toString("latin1");
  const changed = (from: string | RegExp, to: string) => {
    const other = signed.replace(from, to);
    assert.notEqual(other, signed);
    return faultOfSignature(Buffer.from(other, "latin1"), publicKey);
  };
  assert.equal(changed("To: elodie@", "To: autre@"), "signature");
  assert.equal(changed("fin", "FIN"), "body");
  assert.equal(
    changed("List-Unsubscribe-Post: List-Unsubscribe=One-Click", "List-Unsubscribe-Post: x"),
    "signature",
  );
  assert.equal(
    changed("\r\nFrom: ", "\r\nFrom: Autre <autre@ailleurs.example>\r\nFrom: "),
    "signature",
    "a second From",
  );
  const other = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey.export({
    type: "spki",
    format: "der",
  });
  assert.equal(faultOfSignature(Buffer.from(signed, "latin1"), other.toString("base64")), "signature");
});

test("gateways may fold and space differently", async () => {
  const signed = (await signedWhole(signer, await made())).toString("latin1");
  const refolded = signed
    .replace("To: elodie@exemple.fr", "TO:  \r\n\telodie@exemple.fr")
    .replace(/\r\n$/, "\r\n\r\n");
  assert.equal(faultOfSignature(Buffer.from(refolded, "latin1"), publicKey), null);
});

test("nodemailer's own signer hashes the same body and headers; it only cannot sign From twice", async () => {
  const theirs = await made({
    domainName: "iut.example",
    keySelector: "src202611",
    privateKey: pair.privateKey,
  });
  assert.equal(
    faultOfSignature(theirs, publicKey),
    null,
    "the verifier agrees with another signer than ours",
  );
  const end = theirs.indexOf("\r\n", theirs.indexOf("b=", theirs.indexOf("h=")));
  assert.ok(end > 0);
  const bare = Buffer.from(
    theirs.toString("latin1").replace(/^DKIM-Signature:[^\r]*(?:\r\n[ \t][^\r]*)*\r\n/, ""),
    "latin1",
  );
  const ours = await signedWhole(signer, bare);
  const tag = (raw: Buffer, name: string) =>
    new RegExp(`[; \\t]${name}=([^;]+);`).exec(raw.toString("latin1"))?.[1]?.replace(/\s/g, "");
  assert.equal(tag(ours, "bh"), tag(theirs, "bh"));
  const names = (raw: Buffer) => new Set(tag(raw, "h")?.split(":"));
  for (const name of names(theirs)) assert.ok(names(ours).has(name), name);
  assert.deepEqual(ours.subarray(ours.length - bare.length), bare);
});
