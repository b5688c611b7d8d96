/** About 20 kB of HTML with personal text and links. */
export function newsletter(): string {
  const paragraph = `<p style="font:16px/1.5 Arial,sans-serif;color:#222">Chère {{ contact.firstName | default: "lectrice" }}, l’été approche et le département prépare la rentrée : <a href="https://src.example/api/click/1/0">lire l’article</a>, voir les photos, répondre à l’enquête.</p>`;
  return `<!doctype html><html lang="fr"><head><title>Lettre</title></head><body>${`${paragraph}\n`.repeat(75)}<p><a href="{{ links.unsubscribe }}">Se désabonner</a></p></body></html>`;
}
