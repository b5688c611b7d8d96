"use client";
import { useTranslations } from "next-intl";
import type { DraftBlock } from "#lib/letters/campaigns/schema";
import { Checkbox } from "#ui/checkbox";
import { TextArea, TextField } from "#ui/text-field";
import { FileUpload } from "./file-upload";

/** What one block asks for. Names carry the block's id: `block.b3.title`. */
export function BlockFields({ block }: { block: DraftBlock }) {
  const t = useTranslations("campaigns.compose");
  const name = (field: string) => `block.${block.id}.${field}`;
  switch (block.type) {
    case "text":
      return <Markdown name={name("markdown")} label={t("markdown")} value={block.markdown} />;
    case "heading":
      return <TextField name={name("text")} label={t("heading")} defaultValue={block.text} maxLength={300} />;
    case "article":
      return (
        <>
          <TextField
            name={name("title")}
            label={t("articleTitle")}
            defaultValue={block.title}
            maxLength={300}
          />
          <PictureFields name={name} image={block.image} />
          <Markdown name={name("markdown")} label={t("markdown")} value={block.markdown} />
          <Pair>
            <TextField
              name={name("link.label")}
              label={t("linkLabel")}
              defaultValue={block.link.label}
              maxLength={120}
            />
            <TextField
              name={name("link.url")}
              label={t("linkUrl")}
              defaultValue={block.link.url}
              maxLength={2000}
              inputMode="url"
            />
          </Pair>
          <FileUpload kind="document" target={name("link.url")} />
        </>
      );
    case "button":
      return (
        <>
          <Pair>
            <TextField
              name={name("label")}
              label={t("buttonLabel")}
              defaultValue={block.label}
              maxLength={120}
            />
            <TextField
              name={name("url")}
              label={t("url")}
              defaultValue={block.url}
              maxLength={2000}
              inputMode="url"
            />
          </Pair>
          <FileUpload kind="document" target={name("url")} />
        </>
      );
    case "image":
      return (
        <>
          <PictureFields name={name} image={block.image} />
          <TextField
            name={name("caption")}
            label={t("caption")}
            defaultValue={block.caption}
            maxLength={300}
          />
        </>
      );
    case "quote":
      return (
        <>
          <Markdown name={name("markdown")} label={t("quote")} value={block.markdown} />
          <TextField name={name("author")} label={t("author")} defaultValue={block.author} maxLength={200} />
        </>
      );
    case "figures":
      return <Figures name={name} items={block.items} />;
    case "divider":
      return <p className="text-sm text-faint">{t("dividerText")}</p>;
  }
}

const Pair = ({ children }: { children: React.ReactNode }) => (
  <div className="grid items-start gap-4 sm:grid-cols-2">{children}</div>
);

function Markdown({ name, label, value }: { name: string; label: string; value: string }) {
  const t = useTranslations("campaigns.compose");
  return (
    <div className="flex flex-col gap-2">
      <TextArea name={name} label={label} hint={t("markdownHint")} defaultValue={value} maxLength={20_000} />
      <FileUpload kind="document" target={name} asLink />
    </div>
  );
}

type Picture = Extract<DraftBlock, { type: "image" }>["image"];

function PictureFields({ name, image }: { name: (field: string) => string; image: Picture }) {
  const t = useTranslations("campaigns.compose");
  return (
    <fieldset className="flex flex-col gap-3 rounded-field border border-line p-3">
      <legend className="px-1 text-sm font-medium">{t("types.image")}</legend>
      <div className="flex flex-wrap items-end gap-3">
        <TextField
          name={name("image.src")}
          label={t("imageSrc")}
          defaultValue={image.src}
          maxLength={2000}
          inputMode="url"
          placeholder="https://"
          className="flex-1 basis-56"
        />
        <FileUpload kind="picture" target={name("image.src")} />
      </div>
      <TextField
        name={name("image.alt")}
        label={t("alt")}
        hint={t("altHint")}
        defaultValue={image.alt}
        maxLength={300}
      />
      <Checkbox name={name("image.decorative")} label={t("decorative")} defaultChecked={image.decorative} />
    </fieldset>
  );
}

function Figures({
  name,
  items,
}: {
  name: (field: string) => string;
  items: { value: string; label: string }[];
}) {
  const t = useTranslations("campaigns.compose");
  return [0, 1, 2, 3, 4, 5].slice(0, Math.min(6, Math.max(3, items.length + 1))).map((n) => (
    <div key={n} className="grid items-start gap-4 sm:grid-cols-[8rem_1fr]">
      <TextField
        name={name(`items.${n}.value`)}
        label={t("figureValue", { n: n + 1 })}
        defaultValue={items[n]?.value}
        maxLength={16}
      />
      <TextField
        name={name(`items.${n}.label`)}
        label={t("figureLabel")}
        defaultValue={items[n]?.label}
        maxLength={300}
      />
    </div>
  ));
}
