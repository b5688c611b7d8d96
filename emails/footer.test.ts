import assert from "node:assert/strict";
import test from "node:test";
import { type Basis, footerWords, type Reader } from "./footer.ts";

const reason = (basis: Basis, reader: Partial<Reader> = {}) =>
  footerWords(
    { basis, newsletter: "4média", house: "l’IUT" },
    { locale: "fr", via: null, source: null, typed: false, ...reader },
  ).reason;

test("the reason is the true one: consent, public task, profession, or the reader’s own request", () => {
  assert.match(
    reason("consent", { via: "import", source: "bordeauxelab" }),
    /donné votre accord, transmis par bordeauxelab\./,
  );
  assert.match(reason("consent", { via: "staff" }), /donné votre accord, noté par notre équipe\./);
  // Consent noted here of somebody whose address a site gave.
  assert.match(
    reason("consent", { via: "staff", source: "bordeauxelab" }),
    /noté par notre équipe\. Votre adresse nous vient de bordeauxelab\.$/,
  );
  assert.match(reason("public_task"), /mission de service public de l’IUT, sans inscription de votre part/);
  assert.match(reason("professional"), /à titre professionnel, dans l’intérêt légitime de l’IUT/);
  for (const basis of ["consent", "public_task", "professional"] as const)
    assert.match(reason(basis, { via: "page" }), /parce que vous l’avez demandé en ligne\./);
});

test("nobody who did not subscribe is said to have", () => {
  for (const basis of ["public_task", "professional"] as const)
    for (const via of [null, "import", "staff"])
      for (const locale of ["fr", "en"] as const)
        assert.doesNotMatch(
          reason(basis, { via, locale }),
          /abonné|demandé|accord|subscribed|asked|consent/i,
        );
});

test("the source of the address is always said, in both languages", () => {
  for (const basis of ["consent", "public_task", "professional"] as const) {
    assert.match(reason(basis, { source: "ElabStages" }), /Votre adresse nous vient de ElabStages\.$/);
    assert.match(reason(basis, { typed: true }), /Votre adresse a été saisie par notre équipe\.$/);
    assert.doesNotMatch(reason(basis), /équipe|vient de/, "nobody knows: nothing is claimed");
    assert.match(reason(basis), /dans notre carnet d’adresses.+pour savoir d’où elle vient/);
    assert.match(reason(basis, { locale: "en" }), /in our contact book; to know where it comes from/);
    assert.match(
      reason(basis, { locale: "en", source: "ElabStages" }),
      /Your address comes from ElabStages\.$/,
    );
    assert.match(reason(basis, { locale: "en", typed: true }), /Your address was entered by our staff\.$/);
  }
});

test("the newsletter’s name stands apart, for the mark of its language, and the parts say the whole", () => {
  for (const locale of ["fr", "en"] as const)
    for (const via of ["page", "staff", "import", null])
      for (const basis of ["consent", "public_task", "professional"] as const) {
        // A site of the same name, and a house that holds it: the name is where the sentence put it.
        const said = footerWords(
          { basis, newsletter: "4média", house: "l’IUT de 4média" },
          { locale, via, source: "4média", typed: false },
        );
        assert.equal(said.newsletter, "4média");
        assert.match(said.reasonBefore, /[“\u00a0]$/);
        assert.match(said.reasonAfter, /^[”\u00a0]/);
        assert.equal(`${said.reasonBefore}${said.newsletter}${said.reasonAfter}`, said.reason);
      }
});
