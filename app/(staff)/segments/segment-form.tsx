import { useTranslations } from "next-intl";
import type { CriteriaChoices, SegmentCount, SegmentMember } from "#lib/people/segments/queries";
import type { Criteria } from "#lib/people/segments/schema";
import { Card } from "#ui/card";
import { Form, FormActions, SubmitButton } from "#ui/form";
import { Select } from "#ui/select";
import { TextField } from "#ui/text-field";
import { saveSegment } from "./actions";
import { CriteriaGroup } from "./criteria-group";
import { LiveCount } from "./live-count";

type Props = {
  id?: number;
  name?: string;
  criteria: Criteria;
  choices: CriteriaChoices;
  count: SegmentCount;
  members: SegmentMember[];
};

/** Two groups at least can be filled in; a third appears once two are. */
export function SegmentForm({ id, name, criteria, choices, count, members }: Props) {
  const t = useTranslations("segments");
  const numbers = [0, 1, 2, 3, 4].slice(0, Math.max(2, criteria.groups.length + 1));
  return (
    <Form action={saveSegment} namespace="segments" done={t("saved")}>
      <input type="hidden" name="id" value={id ?? ""} />
      <div className="grid items-start gap-5 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="flex min-w-0 flex-col gap-5">
          <Card>
            <TextField
              name="name"
              label={t("name")}
              hint={t("nameHint")}
              defaultValue={name}
              required
              maxLength={120}
            />
          </Card>
          {numbers.map((n) => (
            <GroupCard key={n} n={n} criteria={criteria} choices={choices} />
          ))}
          <FormActions>
            <SubmitButton>{t("save")}</SubmitButton>
          </FormActions>
        </div>
        <LiveCount start={{ ...count, members }} />
      </div>
    </Form>
  );
}

function GroupCard({ n, criteria, choices }: { n: number; criteria: Criteria; choices: CriteriaChoices }) {
  const t = useTranslations("segments");
  const group = criteria.groups[n];
  const fields = <CriteriaGroup n={n} group={group} choices={choices} />;
  if (n === 0) return <Card title={t("criteria")}>{fields}</Card>;
  return (
    <details open={group !== undefined} className="rounded-card border border-line bg-surface shadow-card">
      <summary className="min-h-11 px-5 py-3 font-medium text-brand-text">
        {group ? t("group", { n: n + 1 }) : t("addGroup")}
      </summary>
      <div className="flex flex-col gap-5 px-5 pb-5">
        {n === 1 && (
          <Select
            name="match"
            label={t("groups")}
            defaultValue={criteria.match}
            options={[
              { value: "all", label: t("groupsAll") },
              { value: "any", label: t("groupsAny") },
            ]}
          />
        )}
        {fields}
      </div>
    </details>
  );
}
