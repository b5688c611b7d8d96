"use client";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { ListFault } from "#lib/people/suppressions/read-list";
import { Alert } from "#ui/alert";
import { Form, FormActions, SubmitButton } from "#ui/form";
import { useReason } from "#ui/form-context";
import { Table } from "#ui/table";
import { TextArea, TextField } from "#ui/text-field";
import { importList } from "../actions";

type Seen = { good: number; known: number; faulty: number; faults: ListFault[] };
type Answer = Seen | { written: number };

/** Two steps of one form: what will be written, line by line, then the writing of just that. */
export function ImportForm() {
  const t = useTranslations("oppositions");
  const [answer, setAnswer] = useState<Answer | null>(null);
  const seen = answer && "good" in answer ? answer : null;
  return (
    <Form
      action={importList}
      namespace="oppositions"
      onDone={(state) => state?.ok && setAnswer(state.data as Answer)}
    >
      <TextArea
        name="list"
        label={t("list")}
        rows={10}
        required
        // What was seen is no more what would be written.
        onChange={() => setAnswer(null)}
        spellCheck={false}
      />
      <TextField
        name="note"
        label={t("note")}
        hint={t("noteHint")}
        required
        maxLength={200}
        autoComplete="off"
      />
      {answer && "written" in answer && <Alert tone="good">{t("written", { count: answer.written })}</Alert>}
      {seen && <Preview seen={seen} />}
      <FormActions>
        <SubmitButton name="step" value="preview" variant={seen ? "secondary" : "primary"}>
          {t("preview")}
        </SubmitButton>
        {seen && seen.good > 0 && (
          <SubmitButton name="step" value="write">
            {t("write", { count: seen.good })}
          </SubmitButton>
        )}
      </FormActions>
    </Form>
  );
}

function Preview({ seen }: { seen: Seen }) {
  const t = useTranslations("oppositions");
  const reason = useReason("oppositions");
  return (
    <div className="flex flex-col gap-3" role="status">
      <p className="font-medium">{t("good", { count: seen.good, known: seen.known })}</p>
      {seen.faulty > 0 && (
        <>
          <p className="text-warn">{t("faults", { count: seen.faulty })}</p>
          <Table
            caption={t("faults", { count: seen.faulty })}
            rows={seen.faults}
            rowKey={({ line }) => line}
            columns={[
              { key: "line", label: t("faultColumns.line"), heading: true, cell: ({ line }) => line },
              { key: "field", label: t("faultColumns.field"), cell: ({ field }) => t(`fields.${field}`) },
              { key: "value", label: t("faultColumns.value"), labelled: true, cell: ({ value }) => value },
              {
                key: "cure",
                label: t("faultColumns.cure"),
                labelled: true,
                cell: ({ cure }) => reason(cure),
              },
            ]}
          />
        </>
      )}
    </div>
  );
}
