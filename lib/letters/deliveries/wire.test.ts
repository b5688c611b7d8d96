import "#testing/database";
import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { after, test } from "node:test";
import { splitSlots } from "#emails/personalise";
import { compose, type Prepared } from "#lib/letters/deliveries/compose";
import { openFooters } from "#lib/letters/deliveries/footer";
import { openHeaders } from "#lib/letters/deliveries/headers";
import { recordValue } from "#lib/letters/dkim/rules";
import { signerOf } from "#lib/letters/dkim/sign";
import { disconnect } from "#lib/machine/db";
import { type Read, readByPython } from "#testing/python";
import { signedWhole } from "#testing/signed";

after(disconnect);

const pem = { type: "pkcs8", format: "pem" } as const;
const der = { type: "spki", format: "der" } as const;
const rsa = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: der,
  privateKeyEncoding: pem,
});
const ed = generateKeyPairSync("ed25519", { publicKeyEncoding: der, privateKeyEncoding: pem });
const signer = signerOf("iut.example", [
  { selector: "un", algorithm: "rsa", privateKey: rsa.privateKey },
  { selector: "deux", algorithm: "ed25519", privateKey: ed.privateKey },
]);
const records = {
  "un._domainkey.iut.example": recordValue({ algorithm: "rsa", publicKey: rsa.publicKey.toString("base64") }),
  "deux._domainkey.iut.example": recordValue({
    algorithm: "ed25519",
    publicKey: ed.publicKey.subarray(-32).toString("base64"),
  }),
};

const content = (kind: Prepared["kind"], topicKey: string | null = "src"): Prepared => ({
  kind,
  campaignId: 12,
  topicKey,
  from: { name: "Éloïse, de la lettre", address: "lettre@iut.example" },
  replyTo: "secretariat@iut.example",
  publicUrl: "https://src.example",
  secret: null,
  inReplyTo: "",
  refs: "",
  subject: splitSlots(
    "Des nouvelles de {{ contact.firstName }}, été comme hiver, d’un bout à l’autre de l’année",
    "header",
  ),
  footers: openFooters(
    splitSlots("<p>Bonjour {{ contact.firstName }} !  </p>\n", "html"),
    splitSlots("Bonjour {{ contact.firstName }} !\n\n-- \nfin\n", "text"),
    null,
  ),
  headers: openHeaders(),
  files: [],
  named: null,
});
const reader = {
  id: 77,
  generation: 0,
  address: "zoé@exemple.fr",
  variables: { contact: { firstName: "Zoé" } },
};
const signed = async (kind: Prepared["kind"], topicKey?: string | null) => {
  const { raw } = compose(content(kind, topicKey), reader);
  return signedWhole(signer, raw);
};

const fieldOf = (mail: Read | undefined, name: string) =>
  mail?.fields.filter(([key]) => key.toLowerCase() === name.toLowerCase()).map(([, value]) => value.trim()) ??
  [];

test("Python’s email library reads what we meant, and dkimpy believes both signatures", async () => {
  const [letter, test, notice] = readByPython(
    [await signed("campaign"), await signed("test"), await signed("transactional", null)],
    records,
  );
  for (const mail of [letter, test, notice]) {
    assert.deepEqual(mail?.good, [true, true]);
    assert.deepEqual(mail?.defects, []);
    for (const name of new Set(mail?.fields.map(([name]) => name)))
      assert.equal(fieldOf(mail, name).length, name === "DKIM-Signature" ? 2 : 1, name);
  }
  assert.deepEqual(fieldOf(letter, "List-ID"), ["<src.iut.example>"]);
  assert.deepEqual(fieldOf(letter, "List-Help"), ["<https://src.example/confidentialite>"]);
  assert.match(
    fieldOf(letter, "List-Unsubscribe")[0] ?? "",
    /^<https:\/\/src\.example\/[^>]+>, <mailto:[^>]+>$/,
  );
  assert.deepEqual(fieldOf(letter, "List-Unsubscribe-Post"), ["List-Unsubscribe=One-Click"]);
  assert.deepEqual(fieldOf(letter, "Feedback-ID"), ["12:src:campaign:iutexample"]);
  assert.deepEqual(fieldOf(letter, "Precedence"), ["bulk"]);
  assert.deepEqual(fieldOf(test, "Precedence"), [], "newsletters only");
  assert.deepEqual(fieldOf(notice, "Precedence"), []);
  assert.deepEqual(fieldOf(notice, "List-ID"), []);
  assert.deepEqual(fieldOf(notice, "Auto-Submitted"), ["auto-generated"]);
  assert.match(fieldOf(letter, "Subject")[0] ?? "", /^Des nouvelles de Zoé, été comme hiver/);
  assert.match(fieldOf(letter, "From")[0] ?? "", /Éloïse, de la lettre/);
  assert.deepEqual(
    letter?.parts.map(([type, text]) => [type, text.replaceAll("\r\n", "\n")]),
    [
      ["text/plain", "Bonjour Zoé !\n\n-- \nfin\n"],
      ["text/html", "<p>Bonjour Zoé !  </p>\n"],
    ],
  );
});

/** What somebody on the way may do to a header: change it, or add another that readers see instead. */
const mischief: [what: string, (head: string, name: string) => string][] = [
  ["altered", (head, name) => head.replace(new RegExp(`^(${name}: *)`, "im"), "$1x")],
  ["taken away", (head, name) => head.replace(new RegExp(`^${name}:.*\\r\\n(?:[ \\t].*\\r\\n)*`, "im"), "")],
  ["added above", (head, name) => `${name}: autre\r\n${head}`],
  ["added below", (head, name) => `${head}${name}: autre\r\n`],
];
const standing = [
  "From",
  "To",
  "Reply-To",
  "Subject",
  "Date",
  "Message-ID",
  "MIME-Version",
  "Content-Type",
  "List-ID",
  "List-Help",
  "List-Unsubscribe",
  "List-Unsubscribe-Post",
  "Feedback-ID",
  "Precedence",
];

test("no header of ours can be changed, taken away or added to under a good signature", async () => {
  const raw = (await signed("campaign")).toString("latin1");
  const end = raw.indexOf("\r\n\r\n") + 2;
  const altered = standing.flatMap((name) =>
    mischief.map(([what, change]) => ({ name, what, head: change(raw.slice(0, end), name) })),
  );
  // Those that are not there, and would speak for us.
  const notice = (await signed("transactional", null)).toString("latin1");
  const added = ["Cc", "List-Unsubscribe", "List-Unsubscribe-Post"].map(
    (name) => `${name}: autre\r\n${notice}`,
  );
  const mails = [...altered.map(({ head }) => head + raw.slice(end)), ...added];
  for (const { name, what, head } of altered) assert.notEqual(head, raw.slice(0, end), `${name} ${what}`);
  const read = readByPython(
    mails.map((mail) => Buffer.from(mail, "latin1")),
    records,
  );
  const believed = read.flatMap(({ good }, i) => (good.includes(true) ? [altered[i] ?? `added ${i}`] : []));
  assert.deepEqual(believed, []);
});
