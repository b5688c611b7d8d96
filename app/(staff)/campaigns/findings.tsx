import { CircleCheck, CircleX, TriangleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import type { Finding } from "#emails/finding";
import { blockTypes } from "#lib/letters/campaigns/schema";

type Shown = Pick<Finding, "level" | "code" | "params" | "where">;
type Props = { findings: readonly Shown[]; missing: readonly string[]; composeHref?: string };

/** What to mend before sending, worst first, each with the way to it. */
export function Findings({ findings, missing, composeHref = "" }: Props) {
  const t = useTranslations("campaigns.findings");
  const lacks = missing.map(
    (part): Shown => ({ level: "error", code: `missing_${part}`, params: {}, where: undefined }),
  );
  // Without a subject the mail has no title either: said once.
  const told = missing.includes("subject")
    ? findings.filter(({ code }) => code !== "titleMissing" && code !== "oneH1")
    : findings;
  const all = [...lacks, ...told].sort((a, b) => Number(b.level === "error") - Number(a.level === "error"));
  if (all.length === 0)
    return (
      <p className="flex items-center gap-2 text-good">
        <CircleCheck aria-hidden className="size-5 shrink-0" />
        {t("none")}
      </p>
    );
  return (
    <ul className="flex flex-col gap-2.5">
      {all.map((finding) => (
        <li
          key={`${finding.code}.${finding.where?.blockId}.${finding.where?.field}.${JSON.stringify(finding.params)}`}
          className="flex gap-2.5 text-[0.9375rem]"
        >
          <Mark level={finding.level} />
          <p className="min-w-0 [overflow-wrap:anywhere]">
            <Sentence finding={finding} /> <Way finding={finding} href={composeHref} />
          </p>
        </li>
      ))}
    </ul>
  );
}

function Mark({ level }: { level: Finding["level"] }) {
  const t = useTranslations("campaigns.findings");
  const Icon = level === "error" ? CircleX : TriangleAlert;
  return (
    <>
      <Icon
        aria-hidden
        className={`mt-0.5 size-5 shrink-0 ${level === "error" ? "text-bad" : "text-warn"}`}
      />
      <span className="sr-only">{t(level)}</span>
    </>
  );
}

type Loose = { (key: string, params?: Record<string, string | number>): string; has(key: string): boolean };

/** Codes come from the mail's own lint: a code without a sentence is still said. */
function Sentence({ finding: { code, params } }: { finding: Shown }) {
  const t = useTranslations("campaigns") as unknown as Loose;
  const type = blockTypes.find((known) => known === params.type);
  const field = `fields.${params.field}`;
  const said = {
    ...params,
    ...(type && { type: t(`compose.types.${type}`) }),
    ...("field" in params && {
      field: t(t.has(field) ? field : params.field === "items" ? "fields.items.all" : "fields.other"),
    }),
    ...("bytes" in params && { size: Math.ceil(Number(params.bytes) / 1000) }),
  };
  return t.has(`findings.${code}`) ? t(`findings.${code}`, said) : t("findings.other", { code });
}

function Way({ finding: { code, where }, href }: { finding: Shown; href: string }) {
  const t = useTranslations("campaigns.findings");
  const anchor = where?.blockId ? `block-${where.blockId}` : anchors[where?.field ?? code];
  if (!anchor) return null;
  return (
    <a href={`${href}#${anchor}`} className="whitespace-nowrap text-brand-text underline underline-offset-2">
      {t(where?.blockId ? "toBlock" : "toField")}
    </a>
  );
}

const anchors: Record<string, string> = {
  missing_subject: "words",
  missing_segment: "who",
  missing_identity: "who",
  missing_blocks: "blocks",
  subject: "words",
  preheader: "words",
  title: "words",
  signature: "words",
};
