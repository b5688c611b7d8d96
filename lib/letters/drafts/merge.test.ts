/** Variables of a letter: to each their own words as it leaves, and nothing between braces reaches anybody. */
import "#testing/database";
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { hasFault, mergeFor, usesVariables } from "#lib/letters/drafts/merge";
import { addRecipient, sendTogether } from "#lib/letters/drafts/mutations";
import { findDraft } from "#lib/letters/drafts/queries";
import { sendDraft } from "#lib/letters/drafts/send";
import { withdraw } from "#lib/letters/drafts/withdraw";
import { db, disconnect, sql } from "#lib/machine/db";
import { giveDraft, giveUser, person, rowsOf } from "#testing/letters";

after(disconnect);

const hello = `<p>Bonjour {{ contact.firstName | default: "à vous" }},</p><p>Merci.</p>`;
async function named(firstName: string) {
  const id = await person();
  await sql`update contacts set first_name = ${firstName} where id = ${id}`;
  return id;
}

describe("variables of a letter", () => {
  it("are merged for each of several, in the subject too, and stay in the draft that is taken back", async () => {
    const { id: by } = await giveUser();
    const people = [await named("Zoé <b>"), await named("Ali"), await named("")];
    const draft = await giveDraft(
      by,
      people,
      `Stage de {{ contact.firstName | default: "votre enfant" }}`,
      hello,
    );
    assert.ok((await sendDraft(draft, by)).ok);
    const rows = await rowsOf(draft.id);
    assert.deepEqual(
      rows.map(({ subject, text, delivery }) => [
        subject,
        text,
        delivery?.content.subject,
        delivery?.content.text,
      ]),
      [
        ["Zoé <b>", "Zoé <b>"],
        ["Ali", "Ali"],
        ["votre enfant", "à vous"],
      ].map(([who, to]) => {
        const [subject, text] = [`Stage de ${who}`, `Bonjour ${to},\n\nMerci.`];
        return [subject, text, subject, text];
      }),
    );
    assert.match(rows[0]?.delivery?.content.html ?? "", /<p>Bonjour Zoé &lt;b&gt;,<\/p>/);
    assert.ok((await withdraw(draft.id, by)).ok);
    assert.match((await findDraft(draft.id, by))?.html ?? "", /contact\.firstName/);
  });

  it("speak to whom one mail is to, and its copies read the same; to several in one mail they are refused", async () => {
    const { id: by } = await giveUser();
    const [zoe, ali, karim] = [await named("Zoé"), await named("Ali"), await named("Karim")];
    const copied = await giveDraft(by, [zoe], "Stage", hello);
    await addRecipient({ id: copied.id, role: "cc", contactId: karim, address: "" }, by);
    assert.ok((await sendDraft(copied, by)).ok);
    const [row] = await rowsOf(copied.id);
    assert.equal(row?.delivery?.content.text, "Bonjour Zoé,\n\nMerci.");
    const all = await giveDraft(by, [zoe, ali], "Stage", hello);
    await sendTogether(all.id, true, by);
    assert.deepEqual(await sendDraft(all, by), { ok: false, reason: "variablesTogether" });
    assert.equal((await rowsOf(all.id)).length, 0);
    await sendTogether(all.id, false, by);
    assert.ok((await sendDraft(all, by)).ok);
  });

  it("without a fallback are refused for whom nothing is known, and nobody is written to", async () => {
    const { id: by } = await giveUser();
    const [zoe, nobody] = [await named("Zoé"), await named("")];
    const draft = await giveDraft(by, [zoe, nobody], "Stage", "<p>Bonjour {{ contact.firstName }}</p>");
    const { lastName } = await db.contact.findUniqueOrThrow({ where: { id: nobody } });
    assert.deepEqual(await sendDraft(draft, by), {
      ok: false,
      reason: "missingValue",
      params: { variable: "{{ contact.firstName }}", who: lastName.trim() || "?" },
    });
    assert.equal((await rowsOf(draft.id)).length, 0);
  });

  it("never leave as they stand; other braces are only braces", async () => {
    const { id: by } = await giveUser();
    for (const html of [
      "<p>{{ contact.prenom }}</p>",
      "<p>{{ <b>contact.firstName</b> }}</p>",
      "<p>{{ contact.firstName | default: “à vous” }}</p>",
      "<p>{{ contact.firstName</p>",
      "<p>{{ links.unsubscribe }}</p>",
    ]) {
      const draft = await giveDraft(by, [await named("Zoé")], "Stage", html);
      assert.deepEqual(await sendDraft(draft, by), { ok: false, reason: "variables" }, html);
    }
    assert.ok(hasFault({ subject: "{{ organisation.nom }}", html: "<p>x</p>" }));
    const lesson = "<p>En Vue : {{ message | upper }}, {% if a %} et {{ contacts.length }}</p>";
    const draft = await giveDraft(by, [await named("Zoé")], "{{ x }}", lesson);
    assert.ok((await sendDraft(draft, by)).ok);
    const [row] = await rowsOf(draft.id);
    assert.equal(row?.subject, "{{ x }}");
    assert.match(row?.text ?? "", /\{\{ message \| upper \}\}, \{% if a %\} et \{\{ contacts\.length \}\}/);
    assert.equal(usesVariables({ subject: "{{ x }}", html: lesson }), false);
  });

  it("do no more than they say: a value is no template, an empty fallback is meant", () => {
    const letter = {
      subject: "s",
      html: `<p>{{ contact.firstName | default: "" }}{{ contact.lastName }}</p>`,
    };
    const merged = mergeFor(letter, { contact: { firstName: "", lastName: "{{ organisation.name }}\n" } });
    assert.ok(merged.ok);
    assert.equal(merged.words.html, "<p>{{ organisation.name }}\n</p>");
    const header = mergeFor(
      { subject: "{{ contact.lastName }}", html: "" },
      { contact: { lastName: "a\r\nBcc: x" } },
    );
    assert.ok(header.ok && !/[\r\n]/.test(header.words.subject));
  });
});
