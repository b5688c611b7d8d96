/** Files for the tests and the bench: a person to a line, as a remote site would write them. */

export type Person = { id: string; lastName?: string; emails?: string[]; body?: string };

export const contactXml = ({ id, lastName = "Durand", emails = [], body = "" }: Person) =>
  `<contact id="${id}"><lastName>${lastName}</lastName>${emails.map((email) => `<email>${email}</email>`).join("")}${body}</contact>\n`;

export const fileXml = (contacts: string, key = "feed") =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<contacts source="${key}" version="1.0">\n${contacts}</contacts>\n`;

export const peopleXml = (people: Person[], key = "feed") => fileXml(people.map(contactXml).join(""), key);

/** A whole believable person, the n-th of `count`. */
export const bulkContact = (n: number): string => `  <contact id="u${n}">
    <kind>${n % 3 === 0 ? "former_pub" : "former_src"}</kind>
    <firstName>${firstNames[n % firstNames.length]}</firstName>
    <lastName>${lastNames[n % lastNames.length]}-${n}</lastName>
    <email primary="true">personne.${n}@exemple.fr</email>
    <graduationYear>${1990 + (n % 35)}</graduationYear>
    <phone>05 57 ${String(n % 1_000_000)
      .padStart(6, "0")
      .replace(/(..)(..)(..)/, "$1 $2 $3")}</phone>
    <address><street>${n % 200} rue des Faussets</street><postcode>33000</postcode><city>Bordeaux</city></address>
    <organisation><name>Agence ${n % 500}</name><jobTitle>Responsable de communication</jobTitle></organisation>
    <newsletters><subscribe topic="src" at="2024-09-14T10:12:00+02:00" proof="formulaire"/></newsletters>
  </contact>
`;

/** A file of `count` people, made as it is read. */
export async function* bulkFile(count: number, key = "feed"): AsyncGenerator<Buffer> {
  yield Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n<contacts source="${key}" version="1.0">\n`);
  for (let n = 0; n < count; n += 200) {
    let text = "";
    for (let i = n; i < Math.min(n + 200, count); i++) text += bulkContact(i);
    yield Buffer.from(text);
  }
  yield Buffer.from("</contacts>\n");
}

export async function* once(...chunks: (string | Uint8Array)[]): AsyncGenerator<Uint8Array> {
  for (const chunk of chunks) yield typeof chunk === "string" ? Buffer.from(chunk) : chunk;
}

const firstNames = ["Élodie", "Mehdi", "Anaïs", "Thomas", "Chloé", "Loïc", "Inès"];
const lastNames = ["Durand", "Benali", "Lasserre", "Dupouy", "Nguyen", "Cazaux", "O’Brien", "Léglise"];
