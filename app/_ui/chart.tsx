import { Table2 } from "lucide-react";
import { useLocale, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { ChartTable } from "./chart-table";
import { barsOf, sharesOf, ticksFor } from "./scale";

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

const chartColors = [
  "var(--brand-text)",
  "var(--accent)",
  "light-dark(#0f766e, #5eead4)",
  "light-dark(#b45309, #fbbf24)",
  "light-dark(#6d28d9, #c4b5fd)",
  "light-dark(#475569, #94a3b8)",
  "light-dark(#be123c, #fda4af)",
  "light-dark(#15803d, #86efac)",
];
const colorOf = (i: number, own?: string) => own ?? (chartColors[i % chartColors.length] as string);

/** Bars, one group a row of data; `stacked` puts the series on top of each other. */
export function BarChart({ stacked = false, ...props }: Props & { stacked?: boolean }) {
  const { title, data, series, height = 240, unit = "" } = props;
  const figure = useFigure(unit);
  const keys = series.map(({ key }) => key);
  const bars = barsOf(data, keys, stacked);
  const ticks = ticksFor(Math.max(...bars.map(({ from, size }) => from + size)));
  const top = ticks.at(-1) as number;
  return (
    <Frame {...props}>
      <Legend series={series} />
      <div className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-2">
        <Axis marks={ticks.map(figure)} />
        <svg
          role="img"
          aria-label={title}
          viewBox={`0 0 100 ${top}`}
          preserveAspectRatio="none"
          className="w-full overflow-visible"
          style={{ height }}
        >
          {ticks.map((tick) => (
            <path
              key={tick}
              d={`M0 ${top - tick}H100`}
              vectorEffect="non-scaling-stroke"
              className={tick === 0 ? "stroke-edge" : "stroke-line"}
            />
          ))}
          {bars.map(({ row, key, left, width, from, size }) => (
            <rect
              key={`${row}-${key}`}
              x={left}
              y={top - from - size}
              width={width}
              height={size}
              className="hover:opacity-75"
              style={{ fill: colorOf(keys.indexOf(key), series[keys.indexOf(key)]?.color) }}
            >
              <title>{said(data[row] as Datum, series[keys.indexOf(key)] as Series, figure)}</title>
            </rect>
          ))}
        </svg>
        <Labels data={data} />
      </div>
    </Frame>
  );
}

function Legend({ series }: { series: readonly Series[] }) {
  return (
    <ul className="flex flex-wrap justify-end gap-x-4 gap-y-1 text-[0.8125rem] text-soft">
      {series.map((one, i) => (
        <li key={one.key} className="flex items-center gap-2">
          <Dot color={colorOf(i, one.color)} />
          {one.label}
        </li>
      ))}
    </ul>
  );
}

/** The marks beside the bars, each level with its line. */
function Axis({ marks }: { marks: readonly string[] }) {
  return (
    <ol aria-hidden className="nums flex flex-col-reverse justify-between text-end text-xs text-faint">
      {marks.map((mark) => (
        <li key={mark} className="flex h-0 items-center justify-end">
          {mark}
        </li>
      ))}
    </ol>
  );
}

/** Under the bars, as many as can be read on a phone. */
function Labels({ data }: { data: readonly Datum[] }) {
  const every = Math.ceil(data.length / 5);
  return (
    <ol
      aria-hidden
      className="col-start-2 mt-2 grid text-xs text-faint"
      style={{ gridTemplateColumns: `repeat(${data.length}, minmax(0, 1fr))` }}
    >
      {data.map(({ label }, i) => (
        <li key={label} className="flex justify-center whitespace-nowrap">
          {i % every === 0 && label}
        </li>
      ))}
    </ol>
  );
}

/** Shares of a whole: the first series of each row. The list beside it says what the colours mean. */
export function DonutChart(props: Props) {
  const { title, data, series, height = 200, unit = "" } = props;
  const figure = useFigure(unit);
  const one = series[0] as Series;
  const shares = sharesOf(data.map((row) => Number(row[one.key])));
  return (
    <Frame {...props}>
      <div className="grid items-center gap-5 sm:grid-cols-2">
        <svg role="img" aria-label={title} viewBox="-50 -50 100 100" className="mx-auto" style={{ height }}>
          {data.map((row, i) => (
            <circle
              key={row.label}
              r="41"
              pathLength="100"
              fill="none"
              strokeWidth="16"
              strokeDasharray={`${shares[i]?.size} 100`}
              strokeDashoffset={-(shares[i]?.from ?? 0)}
              transform="rotate(-90)"
              pointerEvents="stroke"
              className="hover:opacity-75"
              style={{ stroke: colorOf(i) }}
            >
              <title>{said(row, one, figure)}</title>
            </circle>
          ))}
        </svg>
        <ul className="flex flex-col gap-1.5 text-sm">
          {data.map((row, i) => (
            <li key={row.label} className="flex items-center gap-2.5">
              <Dot color={colorOf(i)} />
              <span className="min-w-0 flex-1">{row.label}</span>
              <span className="nums font-medium">{figure(Number(row[one.key]))}</span>
            </li>
          ))}
        </ul>
      </div>
    </Frame>
  );
}

/** The picture is for the eye only; the same figures are one press away as a table. Drawn here, not in the browser. */
function Frame({ title, data, series, unit, children }: Props & { children: ReactNode }) {
  const t = useTranslations("ui");
  return (
    <figure className="m-0 flex min-w-0 flex-col gap-3">
      <figcaption className="sr-only">{title}</figcaption>
      {children}
      <details className="no-print text-sm">
        <summary className="inline-flex min-h-8 cursor-pointer items-center gap-2 rounded px-1 text-[0.8125rem] font-medium text-soft hover:text-ink pointer-coarse:min-h-11">
          <Table2 aria-hidden className="size-4" />
          {t("showTable")}
        </summary>
        <ChartTable title={title} data={data} series={series} unit={unit} />
      </details>
    </figure>
  );
}

/** Not a background: those are not printed. */
const Dot = ({ color }: { color: string }) => (
  <svg aria-hidden viewBox="0 0 2 2" className="size-2.5 shrink-0">
    <circle cx="1" cy="1" r="1" style={{ fill: color }} />
  </svg>
);

const said = (row: Datum, series: Series, figure: (value: number) => string) =>
  `${row.label} · ${series.label} : ${figure(Number(row[series.key]))}`;

function useFigure(unit: string) {
  const format = new Intl.NumberFormat(useLocale() === "en" ? "en-GB" : "fr-FR", {
    maximumFractionDigits: 1,
  });
  return (value: number) => format.format(value) + unit;
}
