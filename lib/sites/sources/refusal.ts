/** What makes a whole file be refused; each key has a sentence with its cure in the catalog (`sources.refusal.…`). */
export const fileRefusals = [
  "afterEnd",
  "alreadyRunning",
  "archivedSource",
  "bytes",
  "cancelled",
  "deadline",
  "depth",
  "disconnected",
  "doctype",
  "empty",
  "encoding",
  "encodingMismatch",
  "endCount",
  "entity",
  "failure",
  "gzip",
  "html",
  "httpStatus",
  "interrupted",
  "malformed",
  "malformedJson",
  "noEnd",
  "noUrl",
  "noRecord",
  "notKept",
  "notXml",
  "outputBefore",
  "otherSource",
  "privateAddress",
  "redirects",
  "signature",
  "siteCuts",
  "siteDatabase",
  "siteRefuses",
  "superseded",
  "timeout",
  "token",
  "tooBig",
  "tooLong",
  "tooManyRows",
  "truncated",
  "unreachable",
  "uploadInterrupted",
  "url",
  "version",
  "wrongRoot",
  "zip",
] as const;

export type FileRefusalReason = (typeof fileRefusals)[number];

/** Nothing of the file is imported. `line` counts from 1; `data` fills the catalog's sentence. */
export class FileRefused extends Error {
  readonly reason: FileRefusalReason;
  readonly line: number | null;
  readonly data: Record<string, string | number>;

  constructor(
    reason: FileRefusalReason,
    line: number | null = null,
    data: Record<string, string | number> = {},
  ) {
    super(`file refused: ${reason}${line ? ` at line ${line}` : ""}`);
    this.name = "FileRefused";
    this.reason = reason;
    this.line = line;
    this.data = data;
  }
}

/** Whether the same question may be answered later: the site was slow, cut, or said so itself. */
export const mayPass = ({ reason, data }: Pick<FileRefused, "reason" | "data">): boolean =>
  /^(timeout|disconnected|unreachable|siteCuts|siteDatabase|deadline|interrupted)$/.test(reason) ||
  (reason === "httpStatus" && (Number(data.status) >= 500 || [408, 425, 429].includes(Number(data.status))));
