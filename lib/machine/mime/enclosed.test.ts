import assert from "node:assert/strict";
import { test } from "node:test";
import { readEnclosed, readFile } from "#lib/machine/mime/enclosed";

const part = (headers: string[], body: string) => ["--b", ...headers, "", body].join("\r\n");
const mail = (...parts: string[]) =>
  Buffer.from(
    ["From: a@b.example", "Content-Type: multipart/mixed; boundary=b", "", ...parts, "--b--", ""].join(
      "\r\n",
    ),
    "latin1",
  );
const pdf = Buffer.from([0x25, 0x50, 0x44, 0x46, 0, 0xff, 0x0d, 0x0a, 0x80]);
const file = (disposition: string, type = "application/pdf") =>
  part(
    [`Content-Type: ${type}`, `Content-Disposition: ${disposition}`, "Content-Transfer-Encoding: base64"],
    pdf.toString("base64"),
  );
const words = part(["Content-Type: text/plain; charset=utf-8"], "Bonjour");
const nameOf = (disposition: string, type?: string) =>
  readEnclosed(mail(words, file(disposition, type))).files[0]?.name;

test("a file is listed with its name and size, and given back byte for byte", () => {
  const raw = mail(words, file('attachment; filename="convention.pdf"'));
  assert.deepEqual(readEnclosed(raw), {
    html: "",
    files: [{ n: 0, name: "convention.pdf", type: "application/pdf", size: pdf.length, whole: true }],
  });
  assert.deepEqual(readFile(raw, 0), { name: "convention.pdf", bytes: pdf });
  assert.equal(readFile(raw, 1), null);
});

test("names as mail programs write them: encoded words, RFC 2231, in pieces, of the type, none", () => {
  assert.equal(nameOf('attachment; filename="=?utf-8?B?w6l0w6kucGRm?="'), "été.pdf");
  assert.equal(nameOf("attachment; filename*=utf-8''%C3%A9t%C3%A9.pdf; filename=ete.pdf"), "été.pdf");
  assert.equal(nameOf("attachment; filename*0*=iso-8859-1''%E9t; filename*1*=%E9.pdf"), "été.pdf");
  assert.equal(nameOf("attachment; filename*0=con; filename*1=vention.pdf"), "convention.pdf");
  assert.equal(nameOf("attachment", 'application/pdf; name="du type.pdf"'), "du type.pdf");
  assert.equal(nameOf("attachment"), "document.pdf");
  assert.equal(nameOf("attachment", "application/x-odd"), "document");
});

test("a name cannot be a path, another header, or read backwards; its ending stays", () => {
  assert.equal(nameOf('attachment; filename="../../etc/passwd"'), "passwd");
  assert.equal(nameOf('attachment; filename="C:\\\\Windows\\\\a.pdf"'), "a.pdf");
  assert.equal(nameOf("attachment; filename*=utf-8''a%0D%0ASet-Cookie%3A%20x.pdf"), "a Set-Cookie x.pdf");
  assert.equal(nameOf("attachment; filename*=utf-8''fdp%E2%80%AEexe.pdf"), "fdp exe.pdf");
  assert.equal(nameOf(`attachment; filename="${"long".repeat(100)}.pdf"`)?.endsWith(".pdf"), true);
});

test("layout and words are no files; pictures, invitations and forwarded mails are", () => {
  const raw = mail(
    words,
    part(["Content-Type: text/html; charset=iso-8859-1"], "<p>\xe9t\xe9</p>"),
    part(["Content-Type: image/png; name=logo.png", "Content-Transfer-Encoding: base64"], "iVBORw0KGgo="),
    part(["Content-Type: text/calendar; method=REQUEST"], "BEGIN:VCALENDAR"),
    part(["Content-Type: message/rfc822"], "Subject: plus tôt\r\n\r\nBonjour"),
    part(["Content-Type: message/delivery-status"], "Status: 5.1.1"),
    part(["Content-Type: text/html", "Content-Disposition: attachment; filename=page.html"], "<p>x</p>"),
  );
  const { html, files } = readEnclosed(raw);
  assert.equal(html.trim(), "<p>été</p>");
  assert.deepEqual(
    files.map(({ name }) => name),
    ["logo.png", "invitation.ics", "message.eml", "page.html"],
  );
});

test("a file that was cut with its mail is named and not given", () => {
  const whole = mail(words, file("attachment; filename=a.pdf"), file("attachment; filename=b.pdf"));
  const cut = whole.subarray(0, whole.length - 12);
  assert.deepEqual(
    readEnclosed(cut).files.map(({ name, whole }) => [name, whole]),
    [
      ["a.pdf", true],
      ["b.pdf", false],
    ],
  );
  assert.equal(readFile(cut, 1), null);
  assert.ok(readFile(cut, 0));
});

test("ten thousand parts, and parts within parts, cost little", () => {
  const nested = Array.from(
    { length: 5_000 },
    (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}\r\n`,
  ).join("");
  for (const raw of [Buffer.from(nested), mail(...Array(10_000).fill(file("attachment; filename=a.pdf")))]) {
    const before = process.cpuUsage();
    assert.ok(readEnclosed(raw).files.length <= 42);
    const { user } = process.cpuUsage(before);
    assert.ok(user < 5_000_000, `${user} µs`);
  }
});
