import { useTranslations } from "next-intl";
import { interestLevels } from "#lib/people/contacts/interest";
import type { CriteriaChoices } from "#lib/people/segments/queries";
import { type Condition, contactKinds, type Group } from "#lib/people/segments/schema";
import { Checkbox } from "#ui/checkbox";
import { CheckboxGroup } from "#ui/choice-group";
import { HouseWords } from "#ui/house-words";
import { Select } from "#ui/select";
import { TextField } from "#ui/text-field";

type Found<F extends Condition["field"]> = Extract<Condition, { field: F }> | undefined;

/** One group of criteria; a blank field says nothing. Names carry the group's number: `0.city`. */
export function CriteriaGroup({ n, group, choices }: { n: number; group?: Group; choices: CriteriaChoices }) {
  const t = useTranslations("segments");
  const find = <F extends Condition["field"]>(field: F) =>
    group?.conditions.find((condition) => condition.field === field) as Found<F>;
  const years = find("graduationYear");
  const organisation = find("organisation");
  const named = (all: { id: number; name: string }[]) =>
    all.map(({ id, name }) => ({ value: String(id), label: <HouseWords>{name}</HouseWords> }));
  return (
    <div className="flex flex-col gap-5">
      <Select
        name={`${n}.match`}
        label={t("groupMatch")}
        hint={t("blankHint")}
        defaultValue={group?.match ?? "all"}
        options={[
          { value: "all", label: t("matchAll") },
          { value: "any", label: t("matchAny") },
          { value: "none", label: t("matchNone") },
        ]}
      />
      <CheckboxGroup
        name={`${n}.kinds`}
        legend={t("kindsLabel")}
        defaultValue={find("kind")?.in}
        choices={contactKinds.map((kind) => ({ value: kind, label: t(`kinds.${kind}`) }))}
      />
      <div className="grid items-start gap-x-4 gap-y-5 sm:grid-cols-2">
        <Year name={`${n}.yearFrom`} label={t("yearFrom")} value={years?.from} />
        <Year name={`${n}.yearTo`} label={t("yearTo")} value={years?.to} />
        <TextField
          name={`${n}.city`}
          label={t("city")}
          hint={t("cityHint")}
          defaultValue={find("city")?.is}
          maxLength={100}
        />
        <TextField
          name={`${n}.postcode`}
          label={t("postcode")}
          hint={t("postcodeHint")}
          defaultValue={find("postcode")?.prefix}
          inputMode="numeric"
          maxLength={5}
        />
        <Select
          name={`${n}.organisation`}
          label={t("organisation")}
          placeholder={t("organisationAny")}
          defaultValue={organisation ? (organisation.known ? "known" : "unknown") : ""}
          options={[
            { value: "known", label: t("organisationKnown") },
            { value: "unknown", label: t("organisationUnknown") },
          ]}
        />
        <TextField
          name={`${n}.sector`}
          label={t("sector")}
          defaultValue={find("sector")?.is}
          maxLength={100}
        />
        <TextField
          name={`${n}.createdAfter`}
          label={t("createdAfter")}
          type="date"
          defaultValue={find("createdAfter")?.on}
        />
      </div>
      {choices.topics.length > 0 && (
        <CheckboxGroup
          name={`${n}.topics`}
          legend={t("topics")}
          defaultValue={find("topic")?.in.map(String)}
          choices={named(choices.topics)}
        />
      )}
      {choices.sources.length > 0 && (
        <CheckboxGroup
          name={`${n}.sources`}
          legend={t("sources")}
          defaultValue={find("source")?.in.map(String)}
          choices={named(choices.sources)}
        />
      )}
      <CheckboxGroup
        name={`${n}.interest`}
        legend={t("interestLabel")}
        defaultValue={find("interest")?.in}
        choices={interestLevels.map((level) => ({ value: level, label: t(`interest.${level}`) }))}
      />
      <Checkbox
        name={`${n}.reachable`}
        label={t("reachable")}
        defaultChecked={find("reachable") !== undefined}
      />
    </div>
  );
}

function Year({ name, label, value }: { name: string; label: string; value?: number | null }) {
  return (
    <TextField name={name} label={label} type="number" min={1950} max={2100} defaultValue={value ?? ""} />
  );
}
