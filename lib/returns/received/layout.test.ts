import assert from "node:assert/strict";
import { test } from "node:test";
import { Parser } from "htmlparser2";
import { framed, safeLayout } from "#lib/returns/received/layout";

/** Everything that a page may act by. */
const attacks = [
  "<script>alert(1)</script>",
  "<SCRIPT SRC=//evil.example></SCRIPT>",
  "<scr<script>ipt>alert(1)</scr</script>ipt>",
  "<img src=x onerror=alert(1)>",
  "<img src='https://evil.example/open.gif' srcset='https://evil.example/2x 2x'>",
  "<svg onload=alert(1)><a href=https://evil.example><text>x</text></a></svg>",
  "<math><mtext></mtext><mglyph><style><img src=x onerror=alert(1)></style></mglyph></math>",
  "<a href='javascript:alert(1)'>x</a>",
  "<a href=' java\nscript:alert(1)'>x</a>",
  "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
  "<a href='vbscript:x'>x</a>",
  "<iframe src=https://evil.example></iframe>",
  "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
  "<object data=https://evil.example></object><embed src=https://evil.example>",
  "<form action=https://evil.example><input name=p autofocus onfocus=alert(1)><button>ok</button></form>",
  "<meta http-equiv=refresh content='0;url=https://evil.example'>",
  "<base href=https://evil.example/>",
  "<link rel=stylesheet href=https://evil.example/a.css>",
  "<link rel=prefetch href=https://evil.example/a>",
  "<style>@import url(https://evil.example/a.css);body{background:url(https://evil.example/b)}</style>",
  "<div style='background:url(https://evil.example/a)'>x</div>",
  "<div style='background-color:red;background-image:url(\"https://evil.example/a\")'>x</div>",
  "<div style='width:expression(alert(1))'>x</div>",
  "<div style='color:u\\72l(https://evil.example)'>x</div>",
  "<div style='position:fixed;top:0;left:0;z-index:9'>x</div>",
  "<table background=https://evil.example/a><tr><td background=https://evil.example/b>x</td></tr></table>",
  "<video poster=https://evil.example/a autoplay><source src=https://evil.example/b></video>",
  "<audio src=https://evil.example/a autoplay></audio>",
  "<details open ontoggle=alert(1)>x</details>",
  "<template><img src=x onerror=alert(1)></template>",
  "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
  "<p title='\"><img src=x onerror=alert(1)>'>x</p>",
  "<font face='\"><script>alert(1)</script>'>x</font>",
  "<!--><img src=x onerror=alert(1)>-->",
  "<![CDATA[<img src=x onerror=alert(1)>]]>",
  "<xmp><img src=x onerror=alert(1)></xmp>",
  "</body></html><script>alert(1)</script>",
  "<a href=https://ok.example ping=https://evil.example target=_top onclick=alert(1)>x</a>",
];

const tags = /^(?:a|div|font|p|span|table|tbody|td|tr|b|i|em|strong|ul|ol|li|br)$/;

test("nothing that acts or fetches is left of an attack", () => {
  for (const attack of attacks) {
    const { html } = safeLayout(`<p>avant</p>${attack}<p>après</p>`);
    const seen: string[] = [];
    new Parser({
      onopentag: (name, given) => {
        seen.push(name);
        assert.match(name, tags, attack);
        for (const [key, value] of Object.entries(given)) {
          assert.doesNotMatch(key, /^on|^src|^data|^background$|^ping|^action|^poster/, attack);
          if (key === "href") assert.match(value, /^(?:https?|mailto):/, attack);
          if (key === "style") assert.doesNotMatch(value, /url|expression|position|\\/i, attack);
        }
      },
    }).end(html);
    assert.match(html, /avant/, attack);
    assert.ok(seen.length >= 1, attack);
  }
});

test("a letter keeps its paragraphs, lists, tables, colours and links, which say where they lead", () => {
  const { html } = safeLayout(
    '<div style="color: #c00; position: absolute; font-family: \'Arial\', sans-serif"><p align="center">Bonjour <b>à tous</b></p>' +
      '<ul><li>un</li></ul><table border="1"><tr><td colspan="2">x</td></tr></table><a href="https://iut.example/a?b=1&amp;c=2">ici</a></div>',
  );
  assert.equal(
    html,
    '<div style="color:#c00;font-family:\'Arial\', sans-serif"><p align="center">Bonjour <b>à tous</b></p>' +
      '<ul><li>un</li></ul><table border="1"><tr><td colspan="2">x</td></tr></table>' +
      '<a href="https://iut.example/a?b=1&amp;c=2" title="https://iut.example/a?b=1&amp;c=2" target="_blank" rel="noopener noreferrer nofollow">ici</a></div>',
  );
});

test("pictures are told, not shown; one that only spies is not even told", () => {
  const { html, pictures } = safeLayout(
    '<img src="https://x.example/a.png" alt="Notre <stand>" width="400"><img src="https://x.example/p" width="1" height="1"><img src="cid:logo">',
  );
  assert.equal(pictures, 1);
  assert.equal(html, "<span>[Notre &lt;stand&gt;]</span>");
});

test("twenty thousand nested tags, a million attributes, endless styles cost what their length does", () => {
  const bombs = [
    `${"<div><b>".repeat(20_000)}x`,
    `<p ${"a=b ".repeat(300_000)}>x</p>`,
    `<p style="${"color:red;".repeat(50_000)}">x</p>`,
    "<a href=https://x.example/>".repeat(20_000),
    `${"<table><tr><td>".repeat(10_000)}`,
    "&lt;".repeat(100_000),
    "<".repeat(400_000),
    "</p>".repeat(100_000),
  ];
  for (const bomb of bombs) {
    const before = process.cpuUsage();
    const { html } = safeLayout(bomb);
    // A tenth of a second of work; what went over it again at each tag would take minutes, on any machine.
    const { user } = process.cpuUsage(before);
    assert.ok(user < 5_000_000, `${user} µs: ${bomb.slice(0, 30)}`);
    assert.ok(html.length < 2_000_000, `${html.length}: ${bomb.slice(0, 30)}`);
  }
});

test("the frame has a policy of its own, and a name that cannot leave its place", () => {
  const page = framed("<p>x</p>", "</title><script>", "fr");
  assert.match(
    page,
    /content="default-src 'none'; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'"/,
  );
  assert.doesNotMatch(page, /<script/);
});
