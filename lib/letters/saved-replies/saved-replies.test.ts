/** Saved replies: whose they are, what they say to whom, and that nothing but known variables is read in them. */
import "#testing/database";
import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { fillReply } from "#lib/letters/drafts/merge";
import { sendTogether, startDraft } from "#lib/letters/drafts/mutations";
import { removeReply, saveReply } from "#lib/letters/saved-replies/mutations";
import { fillFor, findReply, listReplies } from "#lib/letters/saved-replies/queries";
import { mostReplies } from "#lib/letters/saved-replies/schema";
import { disconnect, sql } from "#lib/machine/db";
import { giveUser, person } from "#testing/letters";

after(disconnect);

describe("what a reply says", () => {
  const variables = { contact: { firstName: "Zoé <b>", lastName: "" } };
  const cases: [string, string][] = [
    ["<p>Bonjour {{ contact.firstName }}</p>", "<p>Bonjour Zoé &lt;b&gt;</p>"],
    ["<p>Bonjour {{ contact.lastName | default: &quot;à vous&quot; }}</p>", "<p>Bonjour à vous</p>"],
    ["<p>{{ contact.lastName | default: &quot;&lt;i&gt;&quot; }}</p>", "<p>&lt;i&gt;</p>"],
    ["<p>{{&nbsp;contact.firstName&nbsp;}} et { autre }</p>", "<p>Zoé &lt;b&gt; et { autre }</p>"],
    ["<p>{{ | }} {{ contact.firstName</p>", "<p>{{ | }} {{ contact.firstName</p>"],
  ];
  for (const [html, filled] of cases) it(html, () => assert.equal(fillReply(html, variables), filled));
  it("is quick whatever is written", () => {
    const start = process.cpuUsage();
    fillReply("{{".repeat(10_000), {});
    fillReply("{{ a }}".repeat(3_000), {});
    const { user, system } = process.cpuUsage(start);
    assert.ok(user + system < 3_000_000, String(user + system));
  });
});

describe("a saved reply", () => {
  const given = async (by: number, html: string, shared = false) => {
    const saved = await saveReply({ id: null, title: "Accusé", html, shared }, by);
    if (!saved.ok) return saved.reason;
    return (await listReplies(by)).at(-1)?.id ?? 0;
  };
  it("is refused with a variable that we do not know, a tag, a link of newsletters, or no words", async () => {
    const { id: by } = await giveUser();
    for (const html of [
      "<p>{{ contact.birthday }}</p>",
      "<p>{% if x %}a{% endif %}</p>",
      "<p>{{ links.unsubscribe }}</p>",
      "<p>{{ contact.firstName | raw }}</p>",
    ])
      assert.equal(await given(by, html), "variables", html);
    assert.equal(await given(by, "<p> </p>"), "noText");
    assert.deepEqual(await listReplies(by), []);
  });
  it("is its author’s, unless it is shared; then everybody may mend or remove it", async () => {
    const [ada, bob] = [await giveUser(), await giveUser()];
    const own = Number(await given(ada.id, "<p>À moi</p>"));
    assert.equal(await findReply(own, bob.id), null);
    assert.equal(
      (await saveReply({ id: own, title: "x", html: "<p>y</p>", shared: false }, bob.id)).ok,
      false,
    );
    assert.equal((await removeReply(own, bob.id)).ok, false);
    await saveReply({ id: own, title: "À tous", html: "<p>À tous</p>", shared: true }, ada.id);
    assert.equal((await findReply(own, bob.id))?.title, "À tous");
    assert.ok((await saveReply({ id: own, title: "Mieux", html: "<p>y</p>", shared: true }, bob.id)).ok);
    assert.equal((await findReply(own, ada.id))?.title, "Mieux");
    assert.ok((await removeReply(own, bob.id)).ok);
  });
  it("is the one changed, removed or read: another of the same person stays as it was", async () => {
    const { id: by } = await giveUser();
    const one = Number(await given(by, "<p>Un</p>"));
    await saveReply({ id: null, title: "Zéro", html: "<p>Deux</p>", shared: true }, by);
    const two = (await listReplies(by)).find(({ title }) => title === "Zéro")?.id ?? 0;
    assert.ok((await saveReply({ id: one, title: "Accusé", html: "<p>Mieux</p>", shared: false }, by)).ok);
    const words = async () => [(await findReply(one, by))?.html, (await findReply(two, by))?.html];
    assert.deepEqual(await words(), ["<p>Mieux</p>", "<p>Deux</p>"]);
    const nobody = { ok: false, reason: "notFound" };
    assert.deepEqual(
      await saveReply({ id: 999_999, title: "x", html: "<p>y</p>", shared: true }, by),
      nobody,
    );
    assert.deepEqual(await removeReply(999_999, by), nobody);
    assert.ok((await removeReply(two, by)).ok);
    assert.deepEqual(await words(), ["<p>Mieux</p>", undefined]);
    assert.equal((await removeReply(two, by)).ok, false, "gone");
  });
  it("is one of two hundred at most of a person; another person has their own", async () => {
    const [{ id: by }, { id: other }] = [await giveUser(), await giveUser()];
    await sql`
      insert into saved_replies (user_id, title, html) select ${by}, 'r' || n, '<p>x</p>' from generate_series(1, ${mostReplies - 1}) n`;
    assert.equal(typeof (await given(by, "<p>La dernière</p>")), "number");
    assert.equal(await given(by, "<p>De trop</p>"), "tooManyReplies");
    assert.equal(typeof (await given(other, "<p>À moi</p>")), "number");
  });
  it("speaks to the one person of the draft, to each of several as it leaves, to anybody in one mail to all", async () => {
    const { id: by } = await giveUser();
    const reply = Number(await given(by, `<p>Bonjour {{ contact.firstName | default: "à tous" }}</p>`));
    const [one, other] = [await person(), await person()];
    await sql`update contacts set first_name = 'Zoé' where id = ${one}`;
    const alone = await startDraft([one], by);
    const both = await startDraft([one, other], by);
    const said = (draft: typeof alone, who = by) => fillFor(reply, draft.ok ? draft.id : 0, who);
    assert.equal(await said(alone), "<p>Bonjour Zoé</p>");
    assert.equal(await said(both), "<p>Bonjour {{ contact.firstName | default: &quot;à tous&quot; }}</p>");
    assert.ok((await sendTogether(both.ok ? both.id : 0, true, by)).ok);
    assert.equal(await said(both), "<p>Bonjour à tous</p>");
    assert.equal(await said(alone, (await giveUser()).id), null);
  });
});
