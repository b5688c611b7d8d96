"use client";
import {
  BarChart3,
  Heading2,
  ImageIcon,
  Minus,
  MousePointerClick,
  Newspaper,
  Quote,
  Text,
} from "lucide-react";
import { useTranslations } from "next-intl";
import { type BlockKind, blockTypes } from "#lib/letters/campaigns/schema";
import { Button } from "#ui/button";

const icons: Record<BlockKind, React.ReactNode> = {
  text: <Text aria-hidden />,
  heading: <Heading2 aria-hidden />,
  article: <Newspaper aria-hidden />,
  button: <MousePointerClick aria-hidden />,
  image: <ImageIcon aria-hidden />,
  quote: <Quote aria-hidden />,
  figures: <BarChart3 aria-hidden />,
  divider: <Minus aria-hidden />,
};

export function AddBlock({ onAdd }: { onAdd: (type: BlockKind) => void }) {
  const t = useTranslations("campaigns.compose");
  return (
    <fieldset className="min-w-0 rounded-card border border-dashed border-edge p-4">
      <legend className="float-left mb-2.5 text-sm font-medium">{t("add")}</legend>
      <div className="clear-both flex flex-wrap gap-2">
        {blockTypes.map((type) => (
          <Button
            key={type}
            type="submit"
            name="intent"
            value={`add:${type}`}
            size="sm"
            icon={icons[type]}
            onClick={(event) => {
              event.preventDefault();
              onAdd(type);
            }}
          >
            {t(`types.${type}`)}
          </Button>
        ))}
      </div>
    </fieldset>
  );
}
