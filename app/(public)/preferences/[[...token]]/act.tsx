import type { ReaderView } from "#lib/returns/unsubscribe/queries";
import { Form, type FormAction, SubmitButton } from "#ui/form";

type Props = { view: ReaderView };

/** One click that says all: the page then shows how the reader stands. */
export function Act({
  view,
  action,
  label,
  quiet,
}: Props & { action: FormAction; label: string; quiet?: boolean }) {
  return (
    <Form action={action} namespace="unsubscribe" className="gap-2!">
      <input type="hidden" name="token" value={view.token} />
      <SubmitButton variant={quiet ? "ghost" : "secondary"} className="w-full">
        {label}
      </SubmitButton>
    </Form>
  );
}

/** What one opens to read more. */
export const fold = "rounded-field border border-line px-4";
export const summary = "min-h-11 cursor-pointer py-2.5 font-medium";
