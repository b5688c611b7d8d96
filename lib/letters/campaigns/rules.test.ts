import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { missingParts, settleBlocks } from "#lib/letters/campaigns/rules";
import { draftBlocks, readBlocks, testInput } from "#lib/letters/campaigns/schema";
import { starter } from "#lib/letters/campaigns/starters";
import { catalogs } from "#lib/machine/messages/catalog";

const codes = (drafts: unknown) =>
  settleBlocks(draftBlocks.parse(drafts)).findings.map(({ code, where }) => `${where?.field}:${code}`);
const picture = { src: "https://example.org/a.png", alt: "Un amphithéâtre", decorative: false };

describe("blocks being written", () => {
  it("may be sent when complete, with or without picture and link", () => {
    const article = { id: "a", type: "article", title: "Titre", markdown: "Texte" };
    assert.deepEqual(
      codes([
        article,
        { ...article, id: "b", image: picture, link: { label: "Lire", url: "https://example.org" } },
      ]),
      [],
    );
  });

  it("still hold the model’s own samples until somebody writes over them", () => {
    const left = (drafts: unknown) =>
      settleBlocks(draftBlocks.parse(drafts)).findings.map(
        ({ level, code, where }) => `${level} ${code} ${where?.blockId} ${where?.field}`,
      );
    assert.deepEqual(left(starter("src").blocks), [
      "error sampleText b2 title",
      "error sampleText b2 markdown",
    ]);
    assert.deepEqual(left(starter("4media").blocks).length, 5);
    assert.deepEqual(left(starter("taxe").blocks), [], "a whole letter, sent as it stands");
    const article = { id: "a", type: "article", title: "Les portes ouvertes" };
    const sample = "Deux ou trois phrases qui donnent envie d'aller  plus loin. ";
    for (const markdown of [sample, sample.toUpperCase(), `Venez nombreux.\n\n${sample}\n\nÀ bientôt.`])
      assert.deepEqual(left([{ ...article, markdown }]), ["error sampleText a markdown"], markdown);
    assert.deepEqual(left([{ ...article, markdown: "Deux ou trois phrases qui donnent envie." }]), []);
  });

  it("say what they lack, and are shown all the same", () => {
    const drafts = draftBlocks.parse([
      { id: "a", type: "heading" },
      { id: "b", type: "article", markdown: "Texte", link: { label: "Lire", url: "" } },
      { id: "c", type: "image", image: { ...picture, alt: "" } },
      { id: "d", type: "button", label: "Voir", url: "javascript:alert(1)" },
    ]);
    const { blocks, findings } = settleBlocks(drafts);
    assert.deepEqual([...new Set(findings.map(({ where }) => where?.blockId))], ["a", "b", "c", "d"]);
    assert.deepEqual(
      blocks.map(({ id }) => id),
      ["a", "b", "c"],
    );
    assert.ok(codes(drafts).includes("image.alt:altMissing"));
    assert.ok(codes(drafts).includes("url:badUrl"));
  });

  it("tell what is not filled in yet from what is wrong", () => {
    const article = { type: "article", title: "Titre", markdown: "Texte" };
    const found = codes([
      { ...article, id: "a", link: { label: " ", url: "https://example.org" } },
      { ...article, id: "b", link: { label: "Lire", url: " " } },
      { ...article, id: "c", link: { label: " ", url: " " }, image: { ...picture, src: "nonsense" } },
      { id: "d", type: "button", label: "Voir", url: " " },
      { id: "e", type: "button", label: "Voir", url: "javascript:x" },
      { id: "f", type: "figures", items: [{ value: "", label: "x" }] },
    ]);
    assert.deepEqual(found, [
      "link.label:blank",
      "link.url:blank",
      "image.src:badUrl",
      "url:blank",
      "url:badUrl",
      "items.0.value:blank",
    ]);
  });

  it("are read from the form in the order they stand, of known kinds only", () => {
    const fields = {
      "block.z9.type": "text",
      "block.z9.markdown": "Un\r\nDeux",
      "block.a1.type": "article",
      "block.a1.title": "Titre",
      "block.a1.image.decorative": "on",
      "block.a1.constructor": "x",
      "block.__proto__.type": "text",
    };
    const blocks = draftBlocks.parse(readBlocks(fields));
    assert.deepEqual(
      blocks.map(({ id }) => id),
      ["z9", "a1"],
    );
    assert.deepEqual(blocks[0], { id: "z9", type: "text", markdown: "Un\nDeux" });
    assert.equal(blocks[1]?.type === "article" && blocks[1].image.decorative, true);
    assert.equal(draftBlocks.safeParse(readBlocks({ "block.a.type": "script" })).success, false);
  });
});

describe("a campaign’s rules", () => {
  it("names what is missing", () => {
    const identity = { relay: { kind: "sandbox" }, fallbacks: [] };
    const draft = { subject: " ", segmentId: null, identityId: 1, identity, blocks: [] };
    assert.deepEqual(missingParts(draft, "http://localhost:3000"), ["subject", "segment", "blocks"]);
  });

  it("says each thing missing by a sentence", () => {
    const missing = { subject: "", segmentId: null, identityId: null, identity: null, blocks: [] };
    const nowhere = { ...missing, identity: { relay: { kind: "smtp" }, fallbacks: [] } };
    const parts = missingParts(nowhere, "");
    assert.deepEqual(parts, ["publicUrl", "subject", "segment", "identity", "blocks"]);
    for (const { campaigns } of Object.values(catalogs))
      for (const part of parts) assert.ok(campaigns.findings[`missing_${part}`], part);
  });

  it("lets nothing leave for the world with links that lead nowhere", () => {
    const sandbox = { relay: { kind: "sandbox" }, fallbacks: [] };
    const real = { relay: { kind: "smtp" }, fallbacks: [] };
    const lacks = (
      identity: typeof real | { relay: { kind: string }; fallbacks: (typeof sandbox)[] },
      url: string,
    ) => missingParts({ subject: "Objet", segmentId: 1, identityId: 1, identity, blocks: [{}] }, url);
    const useless = [
      "",
      "http://localhost:3000",
      "https://localhost",
      "https://src.localhost/",
      "https://127.1.2.3",
      "https://[::1]:8443",
      "https://0.0.0.0",
      "https://127.0.0.1.",
      "http://relations.example",
      "relations.example",
    ];
    for (const url of useless) {
      assert.deepEqual(lacks(real, url), ["publicUrl"], url);
      assert.deepEqual(lacks({ ...sandbox, fallbacks: [real] }, url), ["publicUrl"], `${url} by a fallback`);
      assert.deepEqual(lacks(sandbox, url), [], `${url} in the sandbox`);
    }
    for (const url of ["https://relations.example", "https://relations.example/src"])
      assert.deepEqual(lacks(real, url), []);
  });

  it("tests on five addresses at most, each a real one", () => {
    const read = (to: string) => testInput.safeParse({ id: "1", to });
    assert.deepEqual(read("a@b.fr, c@d.fr;a@b.fr\ne@f.fr").data?.to, ["a@b.fr", "c@d.fr", "e@f.fr"]);
    assert.equal(read("a@b.fr nonsense").success, false);
    assert.equal(read("a@b.fr c@b.fr d@b.fr e@b.fr f@b.fr g@b.fr").success, false);
    assert.equal(read("  ").success, false);
  });
});
