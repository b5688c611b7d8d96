"use client";
import { useFormatter, useTranslations } from "next-intl";
import { useState } from "react";
import { contrast, isReadable } from "#lib/department/settings/rules";
import { FieldFrame, useFieldWiring } from "#ui/field";

type Props = { name: string; label: string; defaultValue: string };

/** A colour, and whether white text can be read on it. */
export function ColorField({ name, label, defaultValue }: Props) {
  const t = useTranslations("settings");
  const wiring = useFieldWiring({ name, hint: true });
  const [color, setColor] = useState(wiring.typed ?? defaultValue);
  const oneDecimal = { minimumFractionDigits: 1, maximumFractionDigits: 1 };
  const ratio = useFormatter().number(contrast(color, "#ffffff"), oneDecimal);
  return (
    <FieldFrame
      label={label}
      id={wiring.id}
      message={wiring.error}
      hint={t(isReadable(color) ? "hints.contrastGood" : "hints.contrastBad", { ratio })}
    >
      <div className="flex items-center gap-3">
        <input
          type="color"
          name={name}
          id={wiring.id}
          value={color}
          onChange={(event) => setColor(event.target.value)}
          {...wiring.aria}
          className="field-box h-10 max-w-20 p-1"
        />
        <span className="nums text-sm text-soft">{color}</span>
      </div>
    </FieldFrame>
  );
}
