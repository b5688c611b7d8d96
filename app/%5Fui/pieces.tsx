import { Bell, Building2, Download, Mail, Pencil, Plus, Send, Trash2, UsersRound } from "lucide-react";
import { Alert } from "#ui/alert";
import { Avatar } from "#ui/avatar";
import { Badge } from "#ui/badge";
import { Button } from "#ui/button";
import { Card } from "#ui/card";
import { BarChart, DonutChart } from "#ui/chart";
import { CopyButton } from "#ui/copy-button";
import { DescriptionList } from "#ui/description-list";
import { EmptyState } from "#ui/empty-state";
import { IconButton } from "#ui/icon-button";
import { Kbd } from "#ui/kbd";
import { LinkButton } from "#ui/link-button";
import { Pager } from "#ui/pager";
import { Progress } from "#ui/progress";
import { Prose } from "#ui/prose";
import { PageSkeleton } from "#ui/skeleton";
import { Stat, StatRow } from "#ui/stat";
import { TabLinks } from "#ui/tab-links";
import { RowLink, Table } from "#ui/table";
import { Timeline } from "#ui/timeline";

const people = [
  { id: 1, name: "Inès Garnier", kind: "Ancienne SRC", mails: 12 },
  { id: 2, name: "Paul Lefèvre", kind: "Professionnel", mails: 3 },
];
const months = [
  { label: "Sept.", sent: 820, bounced: 31 },
  { label: "Oct.", sent: 912, bounced: 18 },
  { label: "Nov.", sent: 978, bounced: 12 },
];
const series = [
  { key: "sent", label: "Envoyés" },
  { key: "bounced", label: "Refusés" },
];
const tones = ["neutral", "brand", "good", "warn", "bad", "info"] as const;

export function Pieces() {
  return (
    <>
      <Card title="Boutons" description="Primaire une fois par écran." actions={<Kbd>Ctrl K</Kbd>}>
        <div className="flex flex-wrap items-center gap-3">
          <Button variant="primary" icon={<Send aria-hidden />}>
            Envoyer
          </Button>
          <Button icon={<Plus aria-hidden />}>Ajouter</Button>
          <Button variant="ghost">Discret</Button>
          <Button variant="danger" icon={<Trash2 aria-hidden />}>
            Supprimer
          </Button>
          <Button size="sm">Petit</Button>
          <Button disabled>Désactivé</Button>
          <Button pending variant="primary">
            En cours
          </Button>
          <LinkButton href="/" icon={<Download aria-hidden />}>
            Lien
          </LinkButton>
          <IconButton label="Modifier" icon={<Pencil aria-hidden />} />
          <CopyButton text="copié" />
        </div>
      </Card>
      <Card title="États">
        <div className="flex flex-wrap gap-2">
          {tones.map((tone) => (
            <Badge key={tone} tone={tone} dot>
              {tone}
            </Badge>
          ))}
          <Avatar name="Inès Garnier" size="sm" />
          <Avatar name="Paul Lefèvre" />
        </div>
        <div className="mt-4 flex flex-col gap-3">
          {tones.map((tone) => (
            <Alert key={tone} tone={tone} title="Un titre">
              Une phrase qui dit quoi faire.
            </Alert>
          ))}
        </div>
      </Card>
      <StatRow>
        <Stat label="Contacts" value="1 200" note="+12 ce mois" icon={<UsersRound aria-hidden />} />
        <Stat label="Taux de refus" value="1,8 %" tone="good" href="/" />
      </StatRow>
      <Card title="Tableau" flush>
        <Table
          caption="Contacts"
          rows={people}
          rowKey={(row) => row.id}
          columns={[
            {
              key: "name",
              label: "Nom",
              heading: true,
              sortHref: "?sort=name",
              sorted: "ascending",
              cell: (row) => <RowLink href="/">{row.name}</RowLink>,
            },
            { key: "kind", label: "Type", sortHref: "?sort=kind", cell: (row) => row.kind },
            { key: "mails", label: "Lettres", numeric: true, cell: (row) => row.mails },
          ]}
        />
        <Pager summary="2 contacts" nextHref="?after=2" previousHref="?before=1" />
      </Card>
      <Card title="Graphiques">
        <div className="grid gap-8 md:grid-cols-3">
          <BarChart title="Envois par mois" data={months} series={series} />
          <BarChart title="Envois par mois, empilés" data={months} series={series} stacked />
          <DonutChart title="Envois par mois, en parts" data={months} series={series} />
        </div>
      </Card>
      <Card title="Divers">
        <TabLinks
          label="Vues"
          links={[
            { href: "/%5Fui", label: "Toutes", count: 12, current: true },
            { href: "/", label: "Archivées" },
          ]}
        />
        <div className="mt-6 grid gap-8 md:grid-cols-2">
          <Timeline
            label="Historique"
            moments={[
              {
                id: 1,
                icon: <Mail />,
                tone: "brand",
                title: "Lettre SRC de novembre",
                when: "hier, 18:02",
                dateTime: "2026-11-22T18:02",
              },
              {
                id: 2,
                icon: <Bell />,
                tone: "warn",
                title: "Refus passager",
                when: "hier, 18:03",
                dateTime: "2026-11-22T18:03",
                children: "Boîte pleine",
              },
            ]}
          />
          <DescriptionList
            items={[
              { label: "Téléphone", value: "05 57 12 20 44" },
              { label: "Ville", value: "Bordeaux" },
            ]}
          />
          <Progress label="Envoi" value={412} max={978} text="412 sur 978" />
          <Prose text={"Un paragraphe avec **du gras**.\n\n- une liste\n- de deux lignes"} />
        </div>
        <EmptyState
          icon={<Building2 />}
          title="Aucune organisation"
          actions={<Button variant="primary">Ajouter</Button>}
        >
          Elles arrivent avec les contacts ou s’ajoutent à la main.
        </EmptyState>
        <PageSkeleton />
      </Card>
    </>
  );
}
