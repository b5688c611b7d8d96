/** One page for the council, as a PDF to be printed, sent and filed: tagged for screen readers, its typeface inside. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import PDFDocument from "pdfkit";

/** Every sentence is the caller's, in the reader's language. */
export type OnePager = {
  language: "fr" | "en";
  title: string;
  lead: string;
  /** Four at most. */
  figures: { label: string; value: string; note: string }[];
  /** The first column names the row, the others are figures. */
  table: { title: string; note: string; headings: string[]; rows: string[][] };
  sections: { title: string; lines: string[] }[];
  foot: string;
};

/** Opaque to the bundler: read where the application stands. Inter, SIL Open Font Licence, beside its licence. */
const font = (weight: 400 | 600) =>
  readFileSync(
    join(
      /* turbopackIgnore: true */ process.cwd(),
      `lib/tax/reports/fonts/inter-latin-${weight}-normal.woff`,
    ),
  );

const [margin, ink, soft, line, brand] = [48, "#1c1a17", "#5d574f", "#d9d4cb", "#7a2e1d"];
type Doc = PDFKit.PDFDocument;

/** What does not fit on the page is left out at the end of a section, never cut in the middle of a line. */
export function drawOnePager(page: OnePager): Promise<Buffer> {
  const doc = new PDFDocument({
    ...{ size: "A4", margin, lang: page.language, tagged: true, pdfVersion: "1.7", displayTitle: true },
    info: { Title: page.title, CreationDate: new Date() },
  });
  doc.registerFont("text", font(400));
  doc.registerFont("strong", font(600));
  const pieces: Buffer[] = [];
  const whole = new Promise<Buffer>((resolve, reject) => {
    doc.on("data", (piece: Buffer) => pieces.push(piece));
    doc.on("end", () => resolve(Buffer.concat(pieces)));
    doc.on("error", reject);
  });
  const root = doc.struct("Document");
  doc.addStructure(root);
  const tag = tagger(doc, root);
  tag("H1", () => doc.font("strong").fontSize(20).fillColor(ink).text(plain(page.title)));
  tag("P", () => doc.font("text").fontSize(10).fillColor(soft).text(plain(page.lead)));
  figures(doc, tag, page.figures);
  table(doc, root, tag, page.table);
  for (const section of page.sections) paragraph(doc, tag, section);
  root.end();
  doc.font("text").fontSize(8).fillColor(soft);
  const bottom = doc.page.height - margin - 10;
  artifact(doc, () => doc.text(plain(page.foot), margin, bottom, { lineBreak: false }));
  doc.end();
  return whole;
}

type Tag = (kind: string, draw: () => void) => void;

const tagger =
  (doc: Doc, root: PDFKit.PDFStructureElement): Tag =>
  (kind, draw) =>
    void root.add(doc.struct(kind, {}, draw));

function artifact(doc: Doc, draw: () => void) {
  doc.markContent("Artifact", { type: "Layout" });
  draw();
  doc.endMarkedContent();
}

/** The typeface has no narrow no-break space, nor letters beyond Western Europe: those lose their marks. */
function plain(text: string): string {
  return text
    .replaceAll("\u202f", "\u00a0")
    .replace(/[^\n\u0020-\u00ff\u0152\u0153\u2010-\u2026\u20ac\u2212]/gu, (letter) => {
      const bare = letter.normalize("NFD").replace(/\p{M}/gu, "");
      return /^[\u0020-\u00ff]+$/.test(bare) ? bare : "?";
    });
}

function figures(doc: Doc, tag: Tag, told: OnePager["figures"]) {
  const top = doc.y + 14;
  const width = (doc.page.width - 2 * margin) / told.length;
  let bottom = top;
  for (const [at, { label, value, note }] of told.entries()) {
    const x = margin + at * width;
    const inside = { width: width - 12 };
    tag("P", () => {
      doc.font("text").fontSize(9).fillColor(soft).text(plain(label), x, top, inside);
      doc
        .font("strong")
        .fontSize(15)
        .fillColor(brand)
        .text(plain(value), x, doc.y + 2, inside);
      doc
        .font("text")
        .fontSize(8)
        .fillColor(soft)
        .text(plain(note), x, doc.y + 2, inside);
    });
    bottom = Math.max(bottom, doc.y);
  }
  doc.x = margin;
  doc.y = bottom;
}

function table(doc: Doc, root: PDFKit.PDFStructureElement, tag: Tag, told: OnePager["table"]) {
  heading(doc, tag, told.title);
  tag("P", () => doc.font("text").fontSize(8.5).fillColor(soft).text(plain(told.note)));
  doc.y += 6;
  const whole = doc.page.width - 2 * margin;
  const numeric = Math.min(90, (whole * 0.6) / Math.max(1, told.headings.length - 1));
  const first = whole - numeric * (told.headings.length - 1);
  const element = doc.struct("Table");
  root.add(element);
  for (const [at, row] of [told.headings, ...told.rows].entries()) {
    const [y, struct] = [doc.y, doc.struct("TR")];
    element.add(struct);
    let bottom = y;
    for (const [column, text] of row.entries()) {
      const head = at === 0 || column === 0;
      const cell = doc.struct(head ? "TH" : "TD", {}, () => {
        doc
          .font(at === 0 || column === 1 ? "strong" : "text")
          .fontSize(9.5)
          .fillColor(ink);
        const x = column === 0 ? margin : margin + first + numeric * (column - 1);
        const inside = {
          width: (column === 0 ? first : numeric) - 4,
          align: column === 0 ? "left" : "right",
        };
        doc.text(plain(text), x, y, inside as PDFKit.Mixins.TextOptions);
      });
      struct.add(cell);
      bottom = Math.max(bottom, doc.y);
    }
    struct.end();
    artifact(
      doc,
      () =>
        void doc
          .moveTo(margin, bottom + 2)
          .lineTo(margin + whole, bottom + 2)
          .lineWidth(0.5)
          .stroke(line),
    );
    doc.x = margin;
    doc.y = bottom + 5;
  }
  element.end();
}

function heading(doc: Doc, tag: Tag, text: string) {
  doc.x = margin;
  doc.y += 14;
  tag("H2", () => doc.font("strong").fontSize(12).fillColor(ink).text(plain(text)));
  doc.y += 2;
}

function paragraph(doc: Doc, tag: Tag, { title, lines }: OnePager["sections"][number]) {
  const end = doc.page.height - margin - 24;
  if (lines.length === 0 || doc.y + 40 > end) return;
  heading(doc, tag, title);
  doc.font("text").fontSize(9.5);
  for (const one of lines) {
    const text = plain(one);
    if (doc.y + doc.heightOfString(text, { width: doc.page.width - 2 * margin }) > end) return;
    tag("P", () => doc.fillColor(ink).text(text, { paragraphGap: 2 }));
  }
}
