import "#testing/database";
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import sharp from "sharp";
import { cleanStoredImages, findImage, keepImage } from "#lib/letters/campaigns/images";
import { sql } from "#lib/machine/db";
import { decodeHeic } from "#lib/machine/pictures/heic";
import { createUser } from "#lib/office/users/command";
import { bombPng, noise, photo, withEverything } from "#testing/pictures";

await createUser({ email: "prof@src.example", name: "Ada", role: "teacher" }, "une phrase bien longue");

async function kept(bytes: Uint8Array) {
  const result = await keepImage(bytes, 1);
  assert.ok(result.ok, `refused: ${"reason" in result ? result.reason : ""}`);
  const image = await findImage(result.name);
  assert.ok(image);
  return { name: result.name, ...image, seen: await sharp(image.bytes, { animated: true }).metadata() };
}

async function refusal(bytes: Uint8Array) {
  const result = await keepImage(bytes, 1);
  return result.ok ? "kept" : result.reason;
}

/** Words that only a picture's metadata hold in these fixtures: none so short that compressed pixels spell it by chance. */
const secrets = /Exif|Essai|Auteur|Exemple|xpacket|ns\.adobe|Photoshop|iTXt|tEXt|eXIf|ICC_PROFILE|script/;
const told = (bytes: Uint8Array) => secrets.exec(Buffer.from(bytes).toString("latin1"))?.[0] ?? null;

describe("a picture put in a letter", () => {
  it("is turned upright and says nothing of position, author or maker", async () => {
    assert.equal(told(photo), "Exif");
    const { seen, bytes, type } = await kept(photo);
    assert.deepEqual([type, seen.width, seen.height, seen.orientation], ["image/jpeg", 300, 400, undefined]);
    assert.equal(told(bytes), null);
  });

  it("loses what a PNG, a WebP and a JPEG can carry beside pixels", async () => {
    for (const format of ["png", "webp", "jpeg"] as const) {
      const bytes = await withEverything(format);
      assert.ok(told(bytes), format);
      const picture = await kept(bytes);
      assert.equal(told(picture.bytes), null, format);
      assert.deepEqual([picture.seen.width, picture.seen.height], [30, 40], `${format} stands upright`);
    }
  });

  it("loses what was glued after its end, scripts included", async () => {
    const tail = Buffer.from("<script>alert(1)</script>PK\u0003\u0004");
    for (const format of ["png", "jpeg"] as const) {
      const { bytes } = await kept(Buffer.concat([await noise(40, 30, format), tail]));
      assert.equal(Buffer.from(bytes).includes("script"), false, format);
    }
  });

  it("is a PNG, a JPEG or a GIF whatever came, no wider than twice the column", async () => {
    const wide = await kept(await noise(3000, 1500, "webp"));
    assert.deepEqual([wide.type, wide.seen.width, wide.seen.height], ["image/jpeg", 1200, 600]);
    assert.match(wide.name, /^[0-9a-f]{32}\.jpg$/);
    const avif = await kept(await noise(40, 30, "avif"));
    assert.match(avif.type, /^image\/(png|jpeg)$/);
    const drawing = await sharp({ create: { width: 90, height: 90, channels: 3, background: "red" } })
      .webp()
      .toBuffer();
    assert.equal((await kept(drawing)).type, "image/png", "what is flat stays sharp");
    const clear = await sharp({ create: { width: 9, height: 9, channels: 4, background: "#ff000080" } })
      .webp()
      .toBuffer();
    assert.equal((await kept(clear)).type, "image/png", "what is transparent stays so");
  });

  it("is taken as telephones write it, in HEIC, without the place it was taken at", async () => {
    const heic = await readFile("testing/pictures/photo-with-position.heic");
    const { seen, type, bytes } = await kept(heic);
    assert.deepEqual([type, seen.format, seen.exif], ["image/jpeg", "jpeg", undefined]);
    const [one, two] = await Promise.all(
      [bytes, photo].map((file) => sharp(file).autoOrient().resize(40, 30).raw().toBuffer()),
    );
    const far = [...(one ?? [])].reduce((sum, value, i) => sum + Math.abs(value - (two?.[i] ?? 0)), 0);
    assert.ok(far / (40 * 30 * 3) < 12, `the same picture: ${far / (40 * 30 * 3)}`);
    assert.equal(await refusal(heic.subarray(0, heic.length >> 1)), "heic", "half of one");
  });

  it("in HEIC is bounded in pixels, memory and time", async () => {
    const heic = await readFile("testing/pictures/flat-12-megapixels.heic");
    const limits = { maxPixels: 50e6, maxMemory: 512 * 1024 * 1024 };
    assert.equal(typeof (await decodeHeic(heic, 20_000, limits)), "object");
    assert.equal(await decodeHeic(heic, 20_000, { ...limits, maxPixels: 11e6 }), "tooManyPixels");
    assert.equal(await decodeHeic(heic, 20_000, { ...limits, maxMemory: 32 * 1024 * 1024 }), "heic");
    assert.equal(await decodeHeic(heic, 1), "tooSlow");
  });

  it("keeps moving", async () => {
    const frame = (background: string) =>
      sharp({ create: { width: 20, height: 10, channels: 3, background } })
        .png()
        .toBuffer();
    const moving = await sharp(await Promise.all(["red", "green", "blue"].map(frame)), {
      join: { animated: true },
    })
      .gif({ delay: [100, 200, 300] })
      .toBuffer();
    const { seen, type } = await kept(moving);
    assert.deepEqual([type, seen.pages, seen.delay], ["image/gif", 3, [100, 200, 300]]);
  });

  it("is refused with its own reason when it cannot be decoded", async () => {
    const jpeg = await noise(400, 300, "jpeg");
    assert.equal(await refusal(photo.subarray(0, 3)), "damaged", "three first bytes of a JPEG");
    for (const format of ["jpeg", "png", "webp", "gif"] as const) {
      const whole = await noise(400, 300, format);
      assert.equal(await refusal(whole.subarray(0, whole.length >> 1)), "damaged", `half a ${format}`);
    }
    assert.equal(
      await refusal(Buffer.from("<svg xmlns='http://www.w3.org/2000/svg' width='9'/>")),
      "notAnImage",
    );
    assert.equal(await refusal(new Uint8Array()), "notAnImage");
    assert.equal(await refusal(Buffer.from("%PDF-1.7\n")), "notAnImage");
    assert.equal(await refusal(Buffer.from("\0\0\0\x18ftypheic\0\0\0\0mif1heic", "latin1")), "heic");
    const heavy = Buffer.alloc(25 * 1024 * 1024 + 1);
    heavy.set(jpeg);
    assert.equal(await refusal(heavy), "tooBig");
  });

  it("is refused before it fills the memory", async () => {
    const before = process.memoryUsage.rss();
    assert.equal(await refusal(bombPng(50_000, 50_000)), "tooManyPixels");
    assert.ok(process.memoryUsage.rss() - before < 200e6);
  });
});

describe("a picture kept before pictures were cleaned", () => {
  const store = (name: string, type: string, bytes: Uint8Array) =>
    sql`insert into campaign_images (name, type, bytes, cleaned_at) values (${name}, ${type}, ${Buffer.from(bytes)}, null)`;

  it("is cleaned when it is asked for, under its name and type", async () => {
    await store(`${"a".repeat(32)}.jpg`, "image/jpeg", photo);
    await store(`${"b".repeat(32)}.png`, "image/png", await withEverything("png"));
    for (const [name, type] of [
      [`${"a".repeat(32)}.jpg`, "image/jpeg"],
      [`${"b".repeat(32)}.png`, "image/png"],
    ] as const) {
      const image = await findImage(name);
      assert.equal(image?.type, type);
      assert.equal(image && told(image.bytes), null);
      const [row] = await sql<{ bytes: Buffer; cleaned: boolean }>`
        select bytes, cleaned_at is not null as cleaned from campaign_images where name = ${name}`;
      assert.equal(row?.cleaned, true);
      assert.equal(row && told(row.bytes), null);
    }
  });

  it("shows what can be seen of it when it is cut, and nothing when nothing can", async () => {
    const jpeg = await noise(400, 300, "jpeg");
    await store(`${"c".repeat(32)}.jpg`, "image/jpeg", jpeg.subarray(0, jpeg.length >> 1));
    await store(`${"d".repeat(32)}.jpg`, "image/jpeg", jpeg.subarray(0, 3));
    await cleanStoredImages();
    assert.equal((await findImage(`${"c".repeat(32)}.jpg`))?.type, "image/jpeg");
    assert.equal(await findImage(`${"d".repeat(32)}.jpg`), null);
    const rows = await sql`select 1 from campaign_images where cleaned_at is null and withheld_at is null`;
    assert.equal(rows.length, 0);
  });
});
