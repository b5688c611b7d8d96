/** What the beginning of a foreign file is made of, and which of its names are likely ours. Pure. */
import { type Dialect, type DialectField, dialectFields, isPath, isRecord } from "#lib/sites/sources/dialect";
import { FileRefused } from "#lib/sites/sources/refusal";
import { openParser } from "#lib/sites/sources/xml";

/** Elements (or lists) that may be a person, the likeliest first, with the paths that hold something. */
export type Outline = { record: string; paths: string[] }[];

type Seen = { name: string; depth: number; count: number; paths: Set<string>; leaves: number };

/** What is seen of a text that may be cut anywhere. */
export function outlineOf(text: string): Outline {
  const seen = /^\ufeff?\s*[{[]/.test(text) ? seenInJson(text) : seenInXml(text);
  return [...seen.values()]
    .filter(({ name, leaves }) => leaves > 1 && isRecord(name))
    .sort(
      (a, b) =>
        Number(b.count > 1) - Number(a.count > 1) ||
        a.depth - b.depth ||
        b.count - a.count ||
        b.leaves - a.leaves,
    )
    .slice(0, 20)
    .map(({ name, paths }) => ({ record: name, paths: [...paths].filter(isPath).slice(0, 100) }));
}

/** An element by its name, wherever it stands. */
function note(seen: Map<string, Seen>, name: string, depth: number): Seen {
  const one = seen.get(name) ?? { name, depth, count: 0, paths: new Set(), leaves: 0 };
  seen.set(name, one);
  return one;
}

function hold(one: Seen, path: string, direct: boolean) {
  if (!one.paths.has(path) && direct) one.leaves++;
  one.paths.add(path);
}

function seenInXml(text: string): Map<string, Seen> {
  const seen = new Map<string, Seen>();
  const open: string[] = [];
  let leaf = false;
  const parser = openParser();
  // What is wrong with it the reader of the sample says.
  parser.on("error", () => {});
  parser.on("opentag", (tag) => {
    open.push(tag.name);
    leaf = true;
    if (open.length > 1) note(seen, tag.name, open.length - 1).count++;
    for (const name of Object.keys(tag.attributes)) put(seen, open, `@${name}`);
  });
  parser.on("closetag", (tag) => {
    open.pop();
    if (leaf) put(seen, open, tag.name);
    leaf = false;
  });
  try {
    parser.write(text);
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
  }
  return seen;
}

/** What stands in the last of `owners` and, one level deep, in the one around it; never in the root. */
function put(seen: Map<string, Seen>, owners: string[], name: string) {
  for (const up of [1, 2]) {
    const at = owners.length - up;
    if (at >= 1) hold(note(seen, owners[at] ?? "", at), [...owners.slice(at + 1), name].join("/"), up === 1);
  }
}

/** The first list of objects, by the name that it has, if it has one; the object that is cut last is left out. */
function seenInJson(text: string): Map<string, Seen> {
  const seen = new Map<string, Seen>();
  const [, name = "liste"] = /^\ufeff?\s*\{[^[]*"([^"]{1,80})"\s*:\s*\[/.exec(text) ?? [];
  const one = note(seen, name, 1);
  for (const item of itemsOf(text.slice(text.indexOf("[") + 1))) {
    one.count++;
    for (const [key, value] of Object.entries(item)) {
      const inside =
        typeof value === "object" && value !== null && !Array.isArray(value) ? Object.keys(value) : null;
      for (const path of inside?.map((part) => `${key}/${part}`) ?? [key]) hold(one, path, true);
    }
  }
  return seen;
}

function* itemsOf(text: string): Generator<Record<string, unknown>> {
  let [depth, from, quoted] = [0, 0, false];
  for (let at = 0; at < text.length && depth >= 0; at++) {
    const char = text[at];
    if (quoted && char === "\\") at++;
    else if (char === '"') quoted = !quoted;
    else if (!quoted && char === "{" && depth++ === 0) from = at;
    else if (!quoted && char === "}" && --depth === 0) {
      try {
        yield JSON.parse(text.slice(from, at + 1)) as Record<string, unknown>;
      } catch {
        return;
      }
    } else if (!quoted && char === "]" && depth === 0) return;
  }
}

/** Their words for each of our fields, without accents, marks or capitals. */
const words: Record<DialectField, string> = {
  id: "id identifiant uid uuid matricule numero num ref reference code idetudiant idcontact ideleve",
  lastName: "nom nomusuel nomusage nomfamille nomdefamille lastname surname name familyname",
  firstName: "prenom prenomusuel prenoms firstname givenname",
  email: "email mail mel courriel adressemail adresseemail adresseelectronique emailpro mailpro",
  email2: "email2 mail2 emailperso mailperso emailpersonnel courrielperso courriel2",
  graduationYear:
    "promo promotion anneepromo anneepromotion anneediplome anneesortie annee year graduationyear diplome",
  phone: "telephone tel phone portable mobile gsm telportable telephone1 tel1",
  street: "rue voie street adresse adresse1 adressepostale address ligne1",
  postcode: "codepostal cp postcode zip zipcode",
  city: "ville commune city town localite",
  country: "pays country codepays",
  organisation:
    "entreprise societe employeur organisation organisme structure company raisonsociale organization",
  siret: "siret numerosiret nosiret",
  jobTitle: "poste fonction metier emploi intitule intituleposte jobtitle title",
  website: "site siteweb siteinternet web website url",
  locale: "langue lang locale language",
  kind: "categorie kind statut type",
  updatedAt: "datemaj maj misajour datemodification datemodif modifiele updated updatedat modified",
};

const plain = (text: string) =>
  text
    .normalize("NFD")
    .toLowerCase()
    .replace(/[^a-z0-9]/g, "");

/** What a program may guess of a record; a person looks at the sample before it is kept. */
export function propose({ record, paths }: Outline[number]): Dialect {
  const found: Dialect["paths"] = {};
  const taken = new Set<string>();
  for (const field of dialectFields) {
    const known = words[field].split(" ");
    const rank = (path: string) => known.indexOf(plain(wordOf(path)));
    const [best] = paths
      .filter((path) => !taken.has(path) && rank(path) >= 0)
      .sort((a, b) => rank(a) - rank(b) || a.length - b.length);
    if (!best) continue;
    found[field] = best;
    taken.add(best);
  }
  return { record, paths: found };
}

/** « entreprise/nom » is the name of what contains it, « adresse/ville » is a town. */
function wordOf(path: string): string {
  const [outer = "", inner] = path.replace("@", "").split("/");
  return inner === undefined || !/^(nom|name|libelle)$/.test(plain(inner)) ? (inner ?? outer) : outer;
}
