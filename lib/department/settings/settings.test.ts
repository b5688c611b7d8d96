import "#testing/database";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { sql } from "#lib/machine/db";
import { createUser } from "#lib/office/users/command";
import { withEverything } from "#testing/pictures";
import { getHouse } from "./house.ts";
import { cleanStoredLogo } from "./logo.ts";
import { saveBranding, saveLegal } from "./mutations.ts";
import { findLogo, getShell } from "./queries.ts";
import { brandVariables, contrast, isReadable } from "./rules.ts";
import { legalInput } from "./schema.ts";

await createUser(
  { email: "admin@src.example", name: "Ada", role: "administrator" },
  "une phrase bien longue",
);

const png = new Uint8Array(await withEverything("png"));
const file = (bytes: Uint8Array<ArrayBuffer>, name = "logo.png") =>
  new File([bytes], name, { type: "image/png" });
const look = { name: "Département SRC", shortName: "SRC", primaryColor: "#1f4fd8", accentColor: "#c2255c" };

describe("colours", () => {
  it("measure contrast as WCAG does", () => {
    assert.equal(contrast("#000000", "#ffffff"), 21);
    assert.equal(contrast("#777777", "#ffffff").toFixed(2), "4.48");
    assert.equal(isReadable("#777777"), false);
    assert.equal(isReadable("#767676"), true);
  });

  it("are bent until they can be read, light and dark, whatever was chosen", () => {
    for (const color of ["#000000", "#ffffff", "#ffee00", "#1f4fd8", "#d6336c", "#00ff00", "#7f7f7f"]) {
      const made = brandVariables(color, color);
      assert.ok(contrast(made["--brand-on-light"] ?? "", "#ffffff") >= 5.3, `${color} on light`);
      assert.ok(contrast(made["--brand-on-dark"] ?? "", "#2b2e3a") >= 4.7, `${color} on dark`);
      assert.ok(contrast(made["--brand-fill-dark"] ?? "", "#ffffff") >= 4.5, `${color} filled`);
      assert.ok(contrast(made["--brand-fill-dark"] ?? "", "#ffffff") <= 5, `${color} seen on the dark`);
    }
  });
});

describe("branding", () => {
  it("is kept and shown in the shell", async () => {
    assert.deepEqual(await saveBranding({ ...look, logo: file(png) }, 1), { ok: true });
    const shell = await getShell();
    assert.equal(shell.name, "Département SRC");
    assert.match(shell.logo ?? "", /^\/api\/branding\/logo\?v=\d+$/);
    const logo = await findLogo();
    assert.match(logo?.type ?? "", /^image\/(png|jpeg)$/);
    assert.doesNotMatch(Buffer.from(logo?.bytes ?? []).toString("latin1"), /Auteur|Exif|iTXt/i);
    assert.ok((await getHouse()).brand.logo);
    await saveBranding({ ...look, logo: new File([], "") }, 1);
    assert.ok(await findLogo(), "no new file keeps the logo");
    await saveBranding({ ...look, removeLogo: "on" }, 1);
    assert.equal(await findLogo(), null);
  });

  it("is not shown as it came when it was kept before pictures were cleaned", async () => {
    await sql`update settings set logo = ${Buffer.from(png)}, logo_type = 'image/png', logo_cleaned_at = null`;
    assert.equal(await findLogo(), null);
    await cleanStoredLogo();
    assert.doesNotMatch(Buffer.from((await findLogo())?.bytes ?? []).toString("latin1"), /Auteur/);
    await sql`update settings set logo = '\\x00', logo_type = 'image/png', logo_cleaned_at = null`;
    await cleanStoredLogo();
    assert.equal(await findLogo(), null);
    assert.equal((await getShell()).logo, null);
  });

  it("refuses colours on which white cannot be read", async () => {
    const result = await saveBranding({ ...look, primaryColor: "#ffdd00" }, 1);
    assert.deepEqual(result, { ok: false, fields: { primaryColor: "settings.errors.contrast" } });
  });

  it("refuses what is not a picture, whatever it says it is, and what is too heavy", async () => {
    const svg = new TextEncoder().encode("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>");
    const refused = async (logo: File) => {
      const result = await saveBranding({ ...look, logo }, 1);
      return "fields" in result ? result.fields.logo : null;
    };
    assert.equal(await refused(file(svg)), "settings.errors.logoType");
    assert.equal(await refused(file(png.slice(0, 40))), "settings.errors.logoType");
    const heavy = new Uint8Array(3 * 1024 * 1024 + 1);
    heavy.set(png);
    assert.equal(await refused(file(heavy)), "settings.errors.logoSize");
  });
});

describe("legal identity", () => {
  it("is kept; an empty public address falls back", async () => {
    const input = legalInput.parse({
      postalAddress: "IUT\n1 rue Exemple",
      controller: "Université",
      dpoEmail: "",
      privacyUrl: "",
      secretariatEmail: "sec@src.example",
      publicUrl: "https://relations.example/",
    });
    await saveLegal(input, 1);
    const house = await getHouse();
    assert.equal(house.publicUrl, "https://relations.example");
    assert.deepEqual(house.brand.postalAddress, ["IUT", "1 rue Exemple"]);
    assert.equal(house.brand.privacyUrl, "https://relations.example/confidentialite");
  });

  it("takes only web addresses", () => {
    const fault = (publicUrl: string) =>
      legalInput.shape.publicUrl.safeParse(publicUrl).error?.issues[0]?.message ?? null;
    assert.equal(fault("https://src.example"), null);
    assert.equal(fault("javascript:alert(1)"), "settings.errors.url");
    assert.equal(fault("https://user:pass@src.example"), "settings.errors.url");
  });
});

it("the sandbox is announced until the default identity writes elsewhere", async () => {
  assert.equal((await getShell()).sandbox, true);
  await sql`with relay as (insert into relays (name, kind, host) values ('Gmail', 'smtp', 'smtp.example') returning id)
    update identities set relay_id = relay.id from relay where is_default`;
  assert.equal((await getShell()).sandbox, false);
});
