import assert from "node:assert/strict";
import test from "node:test";
import { features } from "./caniemail.ts";
import { lintEmail } from "./lint.ts";

const mail = (body: string, head = "") =>
  `<!doctype html><html lang="fr"><head><title>T</title>${head}</head><body style="background-color:#ffffff"><h1 style="color:#000000">T</h1>${body}<a href="{{ links.unsubscribe }}">Se désabonner</a></body></html>`;
const codes = (html: string) => lintEmail(html).map((f) => f.code);

test("a sound mail has no finding", () => {
  assert.deepEqual(lintEmail(mail('<img src="https://a.fr/a.png" alt="" width="600">')), []);
});

test("weight: a warning past 80 kB, an error past 90", () => {
  assert.deepEqual(codes(mail("é".repeat(30_000))), []);
  assert.deepEqual(codes(mail("é".repeat(41_000))), ["heavy"]);
  assert.deepEqual(codes(mail("é".repeat(46_000))), ["tooHeavy"]);
  assert.deepEqual(codes(mail("", `<style>${"a{color:red}".repeat(1500)}</style>`)), ["styleTooHeavy"]);
});

test("pictures: alternative, width, source, hosting", () => {
  assert.deepEqual(codes(mail('<img src="https://a.fr/a.png" width="10">')), ["imageAlt"]);
  assert.deepEqual(codes(mail('<img src="https://a.fr/a.png" alt="">')), ["imageWidth"]);
  assert.deepEqual(codes(mail('<img src="http://a.fr/a.png" alt="" width="1">')), ["insecureImage"]);
  assert.deepEqual(codes(mail('<img src="https://a.fr/a.svg" alt="" width="1">')), ["unsupported"]);
  assert.deepEqual(codes(mail('<img src="data:image/png;base64,AA" alt="" width="1">')), ["unsupported"]);
});

test("the document: language, title, one h1, a way out", () => {
  assert.ok(codes(mail("").replace(' lang="fr"', "")).includes("langMissing"));
  assert.ok(codes(mail("").replace('lang="fr"', 'lang="und"')).includes("langMissing"));
  assert.ok(codes(mail("").replace("<title>T", "<title>")).includes("titleMissing"));
  assert.deepEqual(codes(mail("<h1>encore</h1>")), ["oneH1"]);
  assert.deepEqual(codes(mail("").replace(/<a .*?<\/a>/, "")), ["unsubscribeMissing"]);
});

test("links: empty, nameless, in clear", () => {
  assert.deepEqual(codes(mail('<a href="">x</a>')), ["emptyLink"]);
  assert.deepEqual(codes(mail('<a href="https://a.fr"> </a>')), ["namelessLink"]);
  assert.deepEqual(
    codes(mail('<a href="https://a.fr"><img src="https://a.fr/a.png" alt="Nom" width="9"></a>')),
    [],
  );
  assert.deepEqual(codes(mail('<a href="http://a.fr">x</a>')), ["insecureLink"]);
});

test("contrast follows inherited colours and spares large type and hidden text", () => {
  const box = (style: string, inner: string) => `<div style="${style}">${inner}</div>`;
  assert.deepEqual(codes(mail(box("color:#767676", "x"))), []);
  const [finding] = lintEmail(mail(box("color:#777777", "<p>x</p>")));
  assert.deepEqual(finding?.params, { ink: "#777777", background: "#ffffff", ratio: 4.48 });
  assert.deepEqual(codes(mail(box("background:#111111", "x"))), ["contrast"]);
  assert.deepEqual(codes(mail(box("color:#888888;font-size:24px", "x"))), []);
  assert.deepEqual(codes(mail(box("color:#ffffff;display:none", "x"))), []);
  assert.deepEqual(codes(mail('<table><tr><td bgcolor="#ffff00" style="color:#fff">x</td></tr></table>')), [
    "contrast",
  ]);
  assert.deepEqual(codes(mail(box("font-size:12px", "x"))), ["smallText"]);
});

test("CSS that clients ignore is found inline and in style sheets, and names the clients", () => {
  const [finding] = lintEmail(mail('<p style="color:#000000;background:rgba(0,0,0,.5)">x</p>'));
  assert.equal(finding?.params.feature, "css-rgba");
  assert.match(String(finding?.params.without), /Outlook Windows/);
  for (const css of [
    "display:flex",
    "position:absolute",
    "width:calc(1px + 1em)",
    "gap:4px",
    "margin:1rem",
  ]) {
    assert.deepEqual(codes(mail(`<p style="${css}">x</p>`)), ["unsupported"], css);
    assert.deepEqual(codes(mail("", `<style>p{${css}}</style>`)), ["unsupported"], css);
  }
  assert.deepEqual(codes(mail("<form></form>")), ["unsupported"]);
});

test("tables nest three deep, not four", () => {
  const nest = (depth: number): string =>
    depth === 0 ? "x" : `<table><tr><td>${nest(depth - 1)}</td></tr></table>`;
  assert.deepEqual(codes(mail(nest(3))), []);
  assert.deepEqual(codes(mail(nest(4))), ["nestedTables"]);
});

test("every line of the table names at least one client and a date", () => {
  for (const feature of features) {
    assert.ok(feature.without.length > 0 && feature.without[0] !== "", feature.slug);
    assert.match(feature.testedOn, /^20\d\d-\d\d-\d\d$/);
  }
});
