import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cleanRich, longestLetter, textOf } from "#lib/letters/drafts/rich";

describe("what a letter may hold", () => {
  const cases: [string, string, string][] = [
    [
      "keeps paragraphs, bold, italic and lists",
      "<p>a <b>b</b> <i>c</i></p><ul><li>d</li></ul>",
      "<p>a <strong>b</strong> <em>c</em></p><ul><li>d</li></ul>",
    ],
    [
      "keeps links to the web and to an address",
      '<a href="https://a.example/x?y=1&z=2">a</a> <a href="mailto:b@c.example">b</a>',
      '<a href="https://a.example/x?y=1&amp;z=2">a</a> <a href="mailto:b@c.example">b</a>',
    ],
    ["drops a script and what is in it", "<p>a<script>alert(1)</script>b</p>", "<p>ab</p>"],
    [
      "drops a link that would run something",
      '<a href="javascript:alert(1)">a</a><a href=" JaVaScRiPt:alert(1)">b</a><a href="data:text/html,x">c</a>',
      "abc",
    ],
    ["drops attributes", '<p onclick="x()" style="color:red" class=MsoNormal>a</p>', "<p>a</p>"],
    [
      "drops what Word adds",
      '<style>p.MsoNormal{}</style><!--[if gte mso 9]><xml><w:x/></xml><![endif]--><p class="MsoNormal"><o:p></o:p><span lang="FR" style="mso-fareast-language:FR">Bonjour</span></p>',
      "<p>Bonjour</p>",
    ],
    ["drops pictures and frames", '<img src="https://t.example/p.gif"><iframe src="//x">y</iframe>a', "a"],
    [
      "escapes what looks like a tag",
      "<p>1 &lt; 2 &amp;&amp; &lt;script&gt;</p>",
      "<p>1 &lt; 2 &amp;&amp; &lt;script&gt;</p>",
    ],
    ["closes what was left open", "<p>a<b>b", "<p>a<strong>b</strong></p>"],
    ["makes paragraphs of the divisions of a browser", "<div>a</div><div>b</div>", "<p>a</p><p>b</p>"],
    ["puts no paragraph in a paragraph", "<p>a<ul><li>b</li></ul></p>", "<p>a</p><ul><li>b</li></ul>"],
    ["drops marks that turn a line around", "<p>a\u202eb\u200bc</p>", "<p>abc</p>"],
    [
      "a quote in an address ends no attribute",
      '<a href="https://a.example/&quot;onmouseover=&quot;x">a</a>',
      '<a href="https://a.example/%22onmouseover=%22x">a</a>',
    ],
  ];
  for (const [name, given, expected] of cases) it(name, () => assert.equal(cleanRich(given), expected));

  it("is the same when cleaned again", () => {
    for (const [, given] of cases) assert.equal(cleanRich(cleanRich(given)), cleanRich(given));
  });

  it("is quick whatever is pasted", () => {
    const bombs = ["<div>", "<b>", "<ul><li>", "<a href=x>", "<p", "&lt;", "</p>"];
    const start = process.cpuUsage();
    for (const bomb of bombs) cleanRich(bomb.repeat(longestLetter / bomb.length));
    const { user, system } = process.cpuUsage(start);
    assert.ok(user + system < 5_000_000, `${user + system} µs`);
  });
});

describe("the text of a letter", () => {
  const cases: [string, string][] = [
    ["<p>a</p><p>b</p>", "a\n\nb"],
    ["<p>a<br>b</p>", "a\nb"],
    ["<p>x</p><ul><li>a</li><li>b</li></ul><p>y</p>", "x\n\n- a\n- b\n\ny"],
    ["<ol><li>a</li><li>b</li></ol>", "1. a\n2. b"],
    ['<p><a href="https://a.example/">le site</a></p>', "le site (https://a.example/)"],
    ['<p><a href="https://a.example/">a.example</a></p>', "a.example"],
    ["<p>1 &lt; 2 &amp; 3</p>", "1 < 2 & 3"],
  ];
  for (const [html, text] of cases) it(text.replaceAll("\n", "⏎"), () => assert.equal(textOf(html), text));
});
