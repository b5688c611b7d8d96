/** How alike two names of companies are: an identifier decides, a name only suggests. */
import { fold } from "#lib/machine/text";

/** Legal forms and words that tell nobody apart. */
const forms =
  /\b(sa|sas|sasu|sarl|eurl|sci|scop|scic|snc|selarl|ste|societe|ets|etablissements?|association|asso|groupe|france|holding|cie|compagnie|et|de|du|des|la|le|les|l|d)\b/g;

const bare = (name: string): string => {
  const folded = fold(name)
    .replace(/\./g, "")
    .replace(/[^a-z0-9]+/g, " ");
  return folded.replace(forms, " ").replace(/ +/g, " ").trim() || folded.trim();
};

/** As pg_trgm cuts them: of each word, with its beginning marked twice and its end once. */
function trigrams(name: string): Set<string> {
  const found = new Set<string>();
  for (const word of bare(name).split(" ").filter(Boolean)) {
    const padded = `  ${word} `;
    for (let at = 0; at + 3 <= padded.length; at++) found.add(padded.slice(at, at + 3));
  }
  return found;
}

/** From 0 to 1: the trigrams two names share among all of theirs. */
export function likeness(one: string, other: string): number {
  const [a, b] = [trigrams(one), trigrams(other)];
  const shared = [...a].filter((trigram) => b.has(trigram)).length;
  return shared === 0 ? 0 : shared / (a.size + b.size - shared);
}
