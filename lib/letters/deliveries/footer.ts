/** What a content says under the letter to each reader, and its two parts encoded once for all who are told the same. */
import { type Basis, type FooterWords, footerWords, type Reader, type Why } from "#emails/footer";
import { fill, type SplitTemplate } from "#emails/personalise";
import { type EncodedBody, encodeBody } from "#lib/letters/deliveries/body";

type Variables = Record<string, Record<string, unknown>>;

export type Body = { html: EncodedBody; text: EncodedBody };

/** One way of saying why: languages, ways of subscribing and sites are few, readers a million. */
export type Footers = (variables: Variables, followed?: boolean) => { words: FooterWords; body: Body };

const most = 200;

/** `named`: the letter of those who consent to be followed; null for one without such links. */
export function openFooters(
  html: SplitTemplate,
  text: SplitTemplate,
  why: Why | null,
  named: SplitTemplate | null = null,
): Footers {
  const known = new Map<string, ReturnType<Footers>>();
  return (variables, followed = false) => {
    const reader = readerOf(variables);
    const key = `${JSON.stringify(reader)}${followed ? "+" : ""}`;
    const found = known.get(key);
    if (found) return found;
    const words = wordsFor(why, variables);
    const made = {
      words,
      body: {
        html: encodeBody(fill((followed && named) || html, "words", { words })),
        text: encodeBody(fill(text, "words", { words })),
      },
    };
    if (known.size >= most) known.clear();
    known.set(key, made);
    return made;
  };
}

/** The words of one reader's footer. */
export const wordsFor = (why: Why | null, variables: Variables): FooterWords =>
  footerWords(why ?? nobody, readerOf(variables));

const nobody: Why = { basis: "public_task", newsletter: "", house: "" };

/** As `variablesSql` froze it; a letter tried on nobody in particular, or frozen before, says nothing of its reader. */
function readerOf(variables: Variables): Reader {
  const { locale, via, source, typed } = variables.reader ?? {};
  const text = (value: unknown) => (typeof value === "string" && value !== "" ? value : null);
  return {
    locale: locale === "en" ? "en" : "fr",
    via: text(via),
    source: text(source),
    typed: typed === true,
  };
}

/** `basis` null: no newsletter, no reason to give. */
export const whyOf = (basis: Basis | null, newsletter: string | null, house: string): Why | null =>
  basis && newsletter ? { basis, newsletter, house } : null;
