import "#testing/database";
import assert from "node:assert/strict";
import { test } from "node:test";
import { getHouse } from "#lib/department/settings/house";
import { composeCampaign, hasErrors } from "#lib/letters/campaigns/content";
import { requestLaunch } from "#lib/letters/campaigns/mutations";
import { findCampaign } from "#lib/letters/campaigns/queries";
import { renderLetter } from "#lib/letters/campaigns/render";
import { personalised, typedLine } from "#lib/letters/campaigns/show";
import { sendTest } from "#lib/letters/campaigns/test-send";
import { readyCampaign } from "#testing/campaigns";
import { exampleCampaign } from "#testing/examples";

const letterOf = (markdown: string) =>
  exampleCampaign("src", [{ id: "b1", type: "text", markdown: markdown.slice(0, 20_000) }]);
/** Milliseconds the process did nothing else for, at most, while `work` went on. */
async function longestFreeze(work: Promise<unknown>): Promise<number> {
  let last = performance.now();
  let longest = 0;
  const timer = setInterval(() => {
    longest = Math.max(longest, performance.now() - last);
    last = performance.now();
  }, 10);
  await work;
  clearInterval(timer);
  return longest;
}

/** Each is a text of 20 000 characters that some reader of Markdown takes long over, or that ends its stack. */
const bombs: Record<string, string> = {
  emphasis: "_a*".repeat(6_667),
  mixedEmphasis: "**x__y".repeat(3_333),
  quotes: ">".repeat(20_000),
  nestedLists: "1. ".repeat(6_666),
  spaces: `a${" ".repeat(19_998)}b`,
  brackets: `${"[".repeat(9_000)}](${")".repeat(9_000)}`,
  backticks: Array.from({ length: 199 }, (_, i) => "`".repeat(i)).join("a"),
  table: `${"|a".repeat(3_000)}\n${"|-".repeat(3_000)}\n${"|b".repeat(3_000)}`,
  openings: "{{ contact.firstName | ".repeat(800),
};

test("whatever is typed, the process goes on, and the next letter is written out", async () => {
  await renderLetter(letterOf("Bonjour"));
  const work = Promise.all(Object.values(bombs).map((bomb) => renderLetter(letterOf(bomb), 700)));
  assert.ok((await longestFreeze(work)) < 1_000);
  const outcomes = await work;
  assert.equal(outcomes[2], null, "quotes end the stack");
  const after = await renderLetter(letterOf("Bonjour"));
  assert.deepEqual(after?.findings, []);
});

test("a letter past its deadline is refused, not awaited", async () => {
  const started = performance.now();
  assert.equal(await renderLetter(letterOf(bombs.emphasis ?? ""), 300), null);
  assert.ok(performance.now() - started < 3_000);
});

test("sixty blocks of emphasis open, say why they cannot leave, and leave no more", async () => {
  const blocks = Array.from({ length: 60 }, (_, i) => ({
    id: `b${i}`,
    type: "text" as const,
    markdown: "_a*".repeat(6_600),
  }));
  const id = await readyCampaign({ blocks });
  const campaign = await findCampaign(id);
  assert.ok(campaign);
  const composed = await composeCampaign(campaign, await getHouse());
  assert.deepEqual(
    composed.findings.map(({ code }) => code),
    ["tooIntricate"],
  );
  assert.ok(hasErrors(composed.findings));
  assert.equal(personalised(composed.html, null, "html"), "");
  assert.deepEqual(await requestLaunch(id, 0, null), { ok: false, reason: "contentErrors" });
  assert.deepEqual(await sendTest(id, ["a@example.org"], null, null), { ok: false, reason: "contentErrors" });
});

test("a range is only text, in the letter, its subject and its preheader", async () => {
  const range = "{{ contact.firstName | default: (1..30000000) }}";
  const loop = "{% for i in (1..30000000) %}x{% endfor %}";
  const id = await readyCampaign({
    subject: range,
    preheader: loop,
    blocks: [{ id: "b1", type: "text", markdown: range + loop }],
  });
  const campaign = await findCampaign(id);
  assert.ok(campaign);
  const started = performance.now();
  const composed = await composeCampaign(campaign, await getHouse());
  assert.ok(composed.findings.some(({ code }) => code === "literalOnly"));
  assert.equal(personalised(composed.subject, null, "header"), range);
  assert.equal(personalised(composed.preheader, null, "header"), loop);
  assert.equal(typedLine(range), range);
  assert.equal(typedLine(loop), loop);
  assert.match(personalised(composed.text, null, "text"), /\(1\.\.30000000\)/);
  // Frozen before any of this was known.
  assert.equal(personalised(range, null, "html"), range);
  assert.equal(personalised(loop, null, "html"), loop);
  assert.ok(performance.now() - started < 5_000);
});
