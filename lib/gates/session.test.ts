import "#testing/database";
import "next/dist/server/node-environment-baseline.js";
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  chosenLocale,
  chosenTheme,
  currentUser,
  gate,
  keepChoice,
  keepTyped,
  rememberBrowser,
  typedAddress,
  visitor,
} from "#lib/gates/session";
import { sql } from "#lib/machine/db";
import { signToken } from "#lib/machine/tokens";
import { deviceCookie, findDevice, makeDevice } from "#lib/office/users/device";
import { revokeSession } from "#lib/office/users/mutations";
import { nameOf } from "#testing/names";
import { giveCampaign, givePerson } from "#testing/received";
import { inRequest, signedIn } from "#testing/request";

const teacher = await signedIn("teacher");
const english = await signedIn("secretariat", "en");
const digestOf = (work: () => Promise<unknown>) =>
  work().then(
    () => "let in",
    (error: { digest?: string }) => error.digest ?? String(error),
  );

describe("who asks", () => {
  it("is whom the session's cookie names, until the session is revoked", async () => {
    const gone = await signedIn("reader");
    const ask = () => inRequest(gone, currentUser);
    assert.equal((await ask()).answer?.id, gone.userId);
    assert.equal((await inRequest({}, currentUser)).answer, null);
    const forged = { cookies: { "next-auth.session-token": "x.y.z" } };
    assert.equal((await inRequest(forged, currentUser)).answer, null);
    await revokeSession(gone.sessionId);
    assert.equal((await ask()).answer, null);
  });

  it("without a session is known by network and browser", async () => {
    const cookies = { [deviceCookie]: makeDevice(teacher.userId) };
    const { answer } = await inRequest({ cookies }, visitor);
    assert.equal(answer.device?.userId, teacher.userId);
    assert.equal((await inRequest({}, visitor)).answer.device, null);
  });
});

describe("the address of a refused sign-in", () => {
  it("is given back on that page alone for five minutes, and forgotten once somebody is in", async () => {
    const { kept } = await inRequest({}, () => keepTyped("zoé\0@src.example"));
    const [cookie = ""] = kept;
    assert.match(
      cookie,
      /^typed-address=zo%C3%A9%40src\.example; Path=\/connexion;.* Max-Age=300; HttpOnly; SameSite=lax$/i,
    );
    const cookies = { "typed-address": "zo%C3%A9%40src.example" };
    assert.equal((await inRequest({ cookies }, typedAddress)).answer, "zoé@src.example");
    assert.equal((await inRequest({}, typedAddress)).answer, "");
    const [gone = ""] = (await inRequest({}, () => keepTyped(""))).kept;
    assert.match(gone, /^typed-address=;.*Max-Age=0/i);
  });
});

describe("a page's gate", () => {
  it("lets in who may", async () => {
    const { answer } = await inRequest(teacher, () => gate("campaigns.edit"));
    assert.equal(answer.id, teacher.userId);
  });

  it("sends who is not signed in to the door, and back afterwards", async () => {
    const digest = await digestOf(() => inRequest({}, () => gate("campaigns.edit", "/campaigns?page=2")));
    assert.match(digest, /^NEXT_REDIRECT;replace;\/api\/auth\/signin\?callbackUrl=%2Fcampaigns%3Fpage%3D2;/);
  });

  it("tells who may not that they may not", async () => {
    assert.match(await digestOf(() => inRequest(teacher, () => gate("users.edit"))), /;403$/);
  });
});

describe("the language of a page", () => {
  const localeOf = async (asking: Parameters<typeof inRequest>[0]) =>
    (await inRequest(asking, chosenLocale)).answer;

  it("is what the browser chose, before anything else", async () => {
    assert.equal(await localeOf({ ...english, cookies: { locale: "fr" } }), "fr");
    const french = { headers: { "accept-language": "fr" } };
    assert.equal(await localeOf({ ...french, cookies: { locale: "en" } }), "en");
    assert.equal(await localeOf({ ...french, cookies: { locale: "de" } }), "fr", "none of ours");
  });

  it("is else the reader's whom the link names, else of whoever is signed in, else what is asked for", async () => {
    const reader = await givePerson("ann@ailleurs.example");
    await sql`update contacts set locale = 'en' where id = ${reader.id}`;
    const { deliveries } = await giveCampaign([reader.id]);
    const link = `/preferences/${signToken("preferences", await nameOf(deliveries[0]?.id ?? 0))}`;
    assert.equal(await localeOf({ ...teacher, headers: { "x-src-path": link } }), "en");
    assert.equal(await localeOf({ ...english, headers: { "accept-language": "fr" } }), "en");
    assert.equal(await localeOf({ ...teacher, headers: { "accept-language": "en" } }), "fr");
    assert.equal(await localeOf({ headers: { "accept-language": "en" } }), "en");
    assert.equal(await localeOf({}), "fr");
  });
});

describe("a choice of this browser", () => {
  it("of its appearance is one of ours, or follows the machine", async () => {
    for (const [theme, shown] of Object.entries({ light: "light", dark: "dark", pink: "system" }))
      assert.equal((await inRequest({ cookies: { theme } }, chosenTheme)).answer, shown);
    assert.equal((await inRequest({}, chosenTheme)).answer, "system");
  });

  it("is kept for a year out of reach of scripts, and never in clear once it came encrypted", async () => {
    const keep = (headers = {}) => inRequest({ headers }, () => keepChoice("theme", "dark"));
    const [clear] = (await keep()).kept;
    assert.match(clear ?? "", /^theme=dark; Path=\/; .*Max-Age=31536000; HttpOnly; SameSite=lax$/i);
    const [encrypted] = (await keep({ "x-forwarded-proto": "https" })).kept;
    assert.match(encrypted ?? "", /; Secure; HttpOnly/i);
  });

  it("is not a sign-in: the account only knows the browser again", async () => {
    const { kept } = await inRequest({}, () => rememberBrowser(teacher.userId));
    const device = new RegExp(`^${deviceCookie}=([^;]+); .*HttpOnly`).exec(kept[0] ?? "")?.[1];
    assert.equal((await findDevice(device))?.userId, teacher.userId);
  });
});
