"use client";
import { ChartColumn, Table2 } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import { type ReactElement, useId, useState } from "react";
import {
  Bar,
  BarChart as Bars,
  CartesianGrid,
  Cell,
  Legend,
  Line,
  LineChart as Lines,
  Pie,
  PieChart,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";
import { Button } from "./button";
import { ChartTable } from "./chart-table";

export type Series = { key: string; label: string; color?: string };
export type Datum = { label: string } & Record<string, string | number>;
type Props = {
  /** Names the chart and its table. */
  title: string;
  data: readonly Datum[];
  series: readonly Series[];
  height?: number;
  /** « % » and the like, after each figure. */
  unit?: string;
};

export const chartColors = [
  "var(--brand-text)",
  "var(--accent)",
  "light-dark(#0f766e, #5eead4)",
  "light-dark(#b45309, #fbbf24)",
  "light-dark(#6d28d9, #c4b5fd)",
  "light-dark(#475569, #94a3b8)",
  "light-dark(#be123c, #fda4af)",
  "light-dark(#15803d, #86efac)",
];
const color = (series: Series, i: number) => series.color ?? chartColors[i % chartColors.length];
const tick = { fill: "var(--faint)", fontSize: 12 };
const tooltip = {
  contentStyle: {
    background: "var(--raised)",
    border: "1px solid var(--line)",
    borderRadius: 10,
    color: "var(--ink)",
    fontSize: 13,
  },
  cursor: { fill: "var(--sunken)", stroke: "var(--line)" },
};

/** Bars, one group a row of data; `stacked` puts the series on top of each other. */
export function BarChart({ stacked, ...props }: Props & { stacked?: boolean }) {
  const { data, series, unit } = props;
  return (
    <Frame {...props}>
      <Bars data={[...data]} margin={{ left: -12, right: 8, top: 8 }} accessibilityLayer={false}>
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis dataKey="label" tick={tick} tickLine={false} axisLine={{ stroke: "var(--line)" }} />
        <YAxis tick={tick} tickLine={false} axisLine={false} unit={unit} allowDecimals={false} width={56} />
        <Tooltip {...tooltip} />
        {series.length > 1 && <Legend iconType="circle" iconSize={8} />}
        {series.map((one, i) => (
          <Bar
            key={one.key}
            dataKey={one.key}
            name={one.label}
            unit={unit}
            fill={color(one, i)}
            stackId={stacked ? "all" : undefined}
            radius={stacked ? 0 : [4, 4, 0, 0]}
            maxBarSize={44}
            isAnimationActive={false}
          />
        ))}
      </Bars>
    </Frame>
  );
}

export function LineChart(props: Props) {
  const { data, series, unit } = props;
  return (
    <Frame {...props}>
      <Lines data={[...data]} margin={{ left: -12, right: 12, top: 8 }} accessibilityLayer={false}>
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis dataKey="label" tick={tick} tickLine={false} axisLine={{ stroke: "var(--line)" }} />
        <YAxis tick={tick} tickLine={false} axisLine={false} unit={unit} allowDecimals={false} width={56} />
        <Tooltip {...tooltip} />
        {series.length > 1 && <Legend iconType="circle" iconSize={8} />}
        {series.map((one, i) => (
          <Line
            key={one.key}
            dataKey={one.key}
            name={one.label}
            unit={unit}
            stroke={color(one, i)}
            strokeWidth={2.25}
            dot={{ r: 3 }}
            isAnimationActive={false}
            type="monotone"
          />
        ))}
      </Lines>
    </Frame>
  );
}

/** Shares of a whole: the first series of each row. The list beside it says what the colours mean. */
export function DonutChart(props: Props) {
  const { data, series, height = 200 } = props;
  const key = series[0]?.key ?? "value";
  const format = new Intl.NumberFormat(useLocale() === "en" ? "en-GB" : "fr-FR");
  return (
    <Frame
      {...props}
      height={height}
      aside={
        <ul className="flex flex-col gap-1.5 text-sm">
          {data.map((row, i) => (
            <li key={row.label} className="flex items-center gap-2.5">
              <span
                aria-hidden
                className="size-2.5 shrink-0 rounded-full"
                style={{ background: chartColors[i % chartColors.length] }}
              />
              <span className="min-w-0 flex-1">{row.label}</span>
              <span className="nums font-medium">{format.format(Number(row[key]))}</span>
            </li>
          ))}
        </ul>
      }
    >
      <PieChart accessibilityLayer={false}>
        <Pie
          data={[...data]}
          dataKey={key}
          nameKey="label"
          innerRadius="66%"
          outerRadius="96%"
          paddingAngle={1.5}
          strokeWidth={0}
          isAnimationActive={false}
          rootTabIndex={-1}
        >
          {data.map((row, i) => (
            <Cell key={row.label} fill={chartColors[i % chartColors.length]} />
          ))}
        </Pie>
        <Tooltip {...tooltip} />
      </PieChart>
    </Frame>
  );
}

type FrameProps = Props & { children: ReactElement; aside?: ReactElement };

/** The picture is for the eye only; the same figures are one press away as a table. */
function Frame({ title, data, series, height = 240, unit, children, aside }: FrameProps) {
  const t = useTranslations("ui");
  const [asTable, setAsTable] = useState(false);
  const id = useId();
  return (
    <figure className="m-0 flex min-w-0 flex-col gap-3">
      <figcaption className="sr-only">{title}</figcaption>
      <div id={id}>
        {asTable ? (
          <ChartTable title={title} data={data} series={series} unit={unit} />
        ) : (
          <div className={aside ? "grid items-center gap-5 sm:grid-cols-2" : ""}>
            <div role="img" aria-label={title} style={{ height }}>
              <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 320, height }}>
                {children}
              </ResponsiveContainer>
            </div>
            {aside}
          </div>
        )}
      </div>
      <Button
        size="sm"
        variant="ghost"
        aria-expanded={asTable}
        aria-controls={id}
        className="no-print self-start"
        onClick={() => setAsTable(!asTable)}
        icon={asTable ? <ChartColumn aria-hidden /> : <Table2 aria-hidden />}
      >
        {asTable ? t("showChart") : t("showTable")}
      </Button>
    </figure>
  );
}
