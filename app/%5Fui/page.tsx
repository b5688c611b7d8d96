import { notFound } from "next/navigation";
import { env } from "#lib/machine/env";
import { PageHeader } from "#ui/page-header";
import { Inputs } from "./inputs";
import { Pieces } from "./pieces";

/** Every component on one page, in development only. */
export default function Showroom() {
  if (env.production) notFound();
  return (
    <main id="contenu" className="mx-auto flex max-w-6xl flex-col gap-6 px-4 py-10 sm:px-8">
      <PageHeader title="Composants" lead="Tout app/_ui, pour regarder et pour essayer au clavier." />
      <Pieces />
      <Inputs />
    </main>
  );
}
