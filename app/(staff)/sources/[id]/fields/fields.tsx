"use client";
import { ScanText } from "lucide-react";
import { useTranslations } from "next-intl";
import { useRef, useState, useTransition } from "react";
import type { ActionState } from "#lib/gates/action";
import { type Dialect, dialectFields } from "#lib/sites/sources/dialect";
import type { Sampled } from "#lib/sites/sources/sample";
import { Button } from "#ui/button";
import { Card } from "#ui/card";
import { Form, FormActions, SubmitButton } from "#ui/form";
import { TextField } from "#ui/text-field";
import { sample, translate } from "../../actions";
import { Refused, SampledPeople } from "./sampled";

/** Bytes of a file that a browser sends to be looked at. */
const headBytes = 65_536;

type Props = { id: number; dialect: Dialect | null; asks: boolean };

/** Where the site's file has each of our fields, beside its first people as they would come. */
export function Fields({ id, dialect, asks }: Props) {
  const t = useTranslations("sources.dialect");
  const [told, setTold] = useState({ dialect, turn: 0 });
  const [answer, setAnswer] = useState<ActionState>(null);
  const [looking, look] = useTransition();
  const head = useRef("");
  const box = useRef<HTMLDivElement>(null);
  const found = answer?.ok ? (answer.data as Sampled) : null;

  const ask = (proposing: boolean) =>
    look(async () => {
      const form = new FormData(box.current?.querySelector("form") ?? undefined);
      form.set("head", head.current);
      const given = await sample(null, form);
      setAnswer(given);
      if (!given?.ok) return;
      const { head: kept, proposal } = given.data as Sampled;
      head.current = kept;
      // Where nobody wrote anything it is proposed; what somebody wrote, or emptied, is theirs.
      if (proposing && proposal && isBlank(form))
        setTold(({ turn }) => ({ dialect: proposal, turn: turn + 1 }));
    });
  const choose = async (file: File | undefined) => {
    if (!file) return;
    if (file.size === 0) {
      // Nothing to look at is not a question to the site.
      head.current = "";
      return setAnswer({ ok: false, reason: "empty" });
    }
    head.current = await inBase64(file.slice(0, headBytes));
    ask(true);
  };

  return (
    <div ref={box} className="grid items-start gap-6 lg:grid-cols-2">
      <Card title={t("form")} description={t("formText")}>
        <Form action={translate} namespace="sources" done={t("saved")}>
          <input type="hidden" name="id" value={id} />
          <Paths
            key={told.turn}
            dialect={told.dialect}
            known={found}
            leave={() => head.current !== "" && ask(false)}
          />
          <FormActions>
            <SubmitButton>{t("save")}</SubmitButton>
          </FormActions>
        </Form>
      </Card>
      <Card title={t("sample")} description={asks ? t("sampleText") : t("sampleTextNoUrl")}>
        <div className="flex flex-col items-start gap-4">
          {asks && (
            <Button
              type="button"
              pending={looking}
              icon={<ScanText aria-hidden />}
              onClick={() => {
                head.current = "";
                ask(true);
              }}
            >
              {t("ask")}
            </Button>
          )}
          <label className="flex max-w-full flex-col gap-1.5 text-sm font-medium">
            {t("file")}
            <input
              type="file"
              accept=".xml,.json,.gz"
              className="field-box max-w-full py-1.5 text-sm font-normal file:me-3 file:rounded file:border-0 file:bg-sunken file:px-2.5 file:py-1 file:text-ink"
              onChange={(event) => choose(event.currentTarget.files?.[0])}
            />
          </label>
          <div aria-live="polite" aria-busy={looking} className="flex w-full min-w-0 flex-col gap-4">
            {answer && !answer.ok && <Refused state={answer} />}
            {found && <SampledPeople sampled={found} />}
            {!answer && <p className="text-sm text-soft">{t("nothing")}</p>}
          </div>
        </div>
      </Card>
    </div>
  );
}

type PathsProps = {
  dialect: Dialect | null;
  known: Sampled | null;
  /** A field that is left is looked at in the sample at once. */
  leave: () => void;
};

function Paths({ dialect, known, leave }: PathsProps) {
  const t = useTranslations("sources");
  const plain = { autoComplete: "off", spellCheck: false, onBlur: leave } as const;
  const record = known?.outline.find((one) => one.record === dialect?.record) ?? known?.outline[0];
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <TextField
        name="record"
        label={t("dialect.record")}
        hint={t("dialect.recordHint")}
        defaultValue={dialect?.record ?? ""}
        list="dialect-records"
        className="sm:col-span-2"
        {...plain}
      />
      {dialectFields.map((field) => (
        <TextField
          key={field}
          name={`path-${field}`}
          label={field === "id" ? t("dialect.id") : t(`script.fields.${field}`)}
          defaultValue={dialect?.paths[field] ?? ""}
          list="dialect-paths"
          {...plain}
        />
      ))}
      <datalist id="dialect-records">
        {known?.outline.map((one) => (
          <option key={one.record} value={one.record} />
        ))}
      </datalist>
      <datalist id="dialect-paths">
        {record?.paths.map((path) => (
          <option key={path} value={path} />
        ))}
      </datalist>
    </div>
  );
}

const isBlank = (form: FormData) =>
  ["record", ...dialectFields.map((field) => `path-${field}`)].every((name) => !form.get(name));

const inBase64 = async (part: Blob): Promise<string> => {
  const bytes = new Uint8Array(await part.arrayBuffer());
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return btoa(text);
};
