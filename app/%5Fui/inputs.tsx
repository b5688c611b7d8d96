"use client";
import type { ActionState } from "#lib/gates/action";
import { ActionButton } from "#ui/action-button";
import { Card } from "#ui/card";
import { Checkbox, Switch } from "#ui/checkbox";
import { CheckboxGroup, RadioGroup } from "#ui/choice-group";
import { Combobox } from "#ui/combobox";
import { ConfirmDialog } from "#ui/confirm-dialog";
import { Dialog } from "#ui/dialog";
import { Filters, SearchField } from "#ui/filters";
import { Form, FormActions, SubmitButton } from "#ui/form";
import { Select } from "#ui/select";
import { DateTimeField, TextArea, TextField } from "#ui/text-field";

const choices = [
  { value: "src", label: "SRC", hint: "Les nouvelles du département" },
  { value: "taxe", label: "Taxe d’apprentissage", hint: "Les entreprises" },
];
const cities = ["Bordeaux", "Pessac", "Talence"].map((label) => ({ value: label, label }));

/** Refuses an empty name, so that an error can be looked at. */
const pretend = async (_: ActionState, form: FormData): Promise<ActionState> => {
  if (form.get("wait")) await new Promise((resolve) => setTimeout(resolve, 1500));
  return form.get("name") === "" ? { ok: false, fields: { name: "required" } } : { ok: true };
};

export function Inputs() {
  return (
    <>
      <Card title="Formulaire">
        <Form action={pretend} done="Enregistré.">
          <div className="grid gap-5 md:grid-cols-2">
            <TextField name="name" label="Nom" hint="Laissez vide pour voir l’erreur." required />
            <TextField name="email" type="email" label="Adresse e-mail" />
            <Select name="city" label="Ville" options={cities} placeholder="Choisir" />
            <Combobox name="place" label="Ville, en tapant" options={cities} />
            <DateTimeField name="at" label="Date et heure" />
            <TextField name="file" type="file" label="Fichier" />
            <TextArea name="notes" label="Notes" className="md:col-span-2" />
            <RadioGroup name="topic" legend="Lettre" choices={choices} defaultValue="src" cards />
            <CheckboxGroup name="kinds[]" legend="Types" choices={choices} defaultValue={["taxe"]} />
            <Checkbox name="wait" label="Attendre une seconde et demie" hint="Pour voir le bouton occupé." />
            <Switch name="on" label="Actif" defaultChecked />
          </div>
          <FormActions>
            <SubmitButton>Enregistrer</SubmitButton>
          </FormActions>
        </Form>
      </Card>
      <Card title="Dialogues et filtres">
        <div className="flex flex-wrap gap-3">
          <Dialog trigger={{ label: "Ouvrir" }} title="Un dialogue">
            Son contenu.
          </Dialog>
          <ConfirmDialog
            trigger={{ label: "Supprimer", variant: "danger" }}
            title="Supprimer ?"
            consequence="982 personnes ne recevront plus rien."
            confirmLabel="Supprimer"
            action={pretend}
            done="Supprimé."
            tone="danger"
          />
          <ActionButton action={pretend} done="Fait.">
            Agir
          </ActionButton>
        </div>
        <Filters label="Filtres" className="mt-5">
          <SearchField label="Rechercher un contact" />
          <Select name="ville" label="Ville" options={cities} placeholder="Toutes" className="w-44" />
        </Filters>
      </Card>
    </>
  );
}
