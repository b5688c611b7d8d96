import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { backtest, forecast, type Group, groups, type Held, type Snapshot, totalOf } from "./forecast.ts";

const held = (count = 0, expected = 0, came = 0, final = 0): Held => ({ count, expected, came, final });
const year = (campaignYear: number, told: Partial<Record<Group, Held>> = {}): Snapshot => ({
  campaignYear,
  groups: Object.fromEntries(groups.map((group) => [group, told[group] ?? held()])) as Snapshot["groups"],
});
const ends = ({ low, high, years }: { low: bigint; high: bigint; years: number }) => [
  Number(low),
  Number(high),
  years,
];

describe("a forecast", () => {
  const now = year(2026, {
    came: held(2, 0, 1_000),
    allocated: held(1, 500),
    pledged: held(3, 3_000),
    open: held(10),
  });
  it("under two finished campaigns goes from what is said allocated to all that is promised", () => {
    assert.deepEqual(ends(forecast(now, [])), [1_500, 4_500, 0]);
    const one = year(2025, { came: held(1, 0, 100, 100) });
    assert.deepEqual(ends(forecast(now, [one])), [1_500, 4_500, 1]);
    const other = year(2024, { absent: held(5, 0, 0, 900) });
    assert.deepEqual(ends(forecast(now, [one, other])), [1_500, 4_500, 1], "empty on that day: says nothing");
  });
  it("where all years did the same, says what they did, group by group", () => {
    const like = (of: number) =>
      year(of, {
        came: held(1, 0, 200, 220),
        allocated: held(1, 1_000, 0, 900),
        pledged: held(2, 1_000, 0, 600),
        open: held(20, 0, 0, 400),
        closed: held(4, 0, 0, 0),
        absent: held(1, 0, 0, 70),
      });
    // 1 000 × 1.1 + 500 × 0.9 + 3 000 × 0.6 + 10 × 20 + 70
    assert.deepEqual(ends(forecast(now, [like(2025), like(2024)])), [3_620, 3_620, 2]);
  });
  it("rests on the last three campaigns, in whatever order they are given", () => {
    const of = (campaignYear: number, final: number) =>
      year(campaignYear, { pledged: held(2, 1_000, 0, final) });
    const told = forecast(now, [of(2021, 1), of(2023, 500), of(2025, 500), of(2022, 1), of(2024, 500)]);
    assert.deepEqual(ends(told), [1_000 + 500 + 1_500, 1_000 + 500 + 1_500, 3]);
  });
  it("where a year had nothing to go by, goes as all of them did", () => {
    const [a, b] = [
      year(2025, { pledged: held(2, 1_000, 0, 500) }),
      year(2024, { pledged: held(2, 1_000, 0, 500), allocated: held(1, 100, 0, 80) }),
    ];
    assert.deepEqual(ends(forecast(now, [a, b])), [1_000 + 400 + 1_500, 1_000 + 400 + 1_500, 2]);
  });
  it("never goes below what has come, and the same day says the same", () => {
    const bad = (of: number, final: number) =>
      year(of, { came: held(1, 0, 1_000, 1_000), pledged: held(1, 1_000, 0, final) });
    const worst = forecast(year(2026, { came: held(1, 0, 5_000) }), [bad(2025, 0), bad(2024, 1)]);
    assert.deepEqual(ends(worst), [5_000, 5_000, 2]);
    const wide = () => forecast(now, [bad(2025, 200), bad(2024, 900), bad(2023, 500)]);
    assert.deepEqual(wide(), wide());
    assert.ok(wide().low < wide().high);
  });
});

/** Three past campaigns and one under way, whose years differ by 15 %, as many companies do by themselves. */
function world(seed: number) {
  let state = seed;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
  for (let i = 0; i < 9; i++) random();
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  return [2023, 2024, 2025, 2026].map((of) => {
    const luck = Math.exp(0.15 * normal());
    const told = { came: held(), allocated: held(), pledged: held(), open: held() };
    for (let n = 0; n < 200; n++) {
      const group = (["came", "allocated", "pledged", "open"] as const)[Math.floor(random() * 4)] ?? "open";
      const gives =
        random() < { came: 1, allocated: 0.85, pledged: 0.6, open: 0.1 }[group] * Math.min(1.15, luck);
      const [size, one] = [50 + 950 * random() ** 3, told[group]];
      one.count++;
      one.expected += size;
      if (group === "came") one.came += size * 0.6;
      one.final += group === "came" ? size * (0.6 + 0.35 * luck) : gives ? size * luck * 0.96 : 0;
    }
    return year(of, told);
  });
}

it("backtest: of three hundred campaigns, eight in ten or so end within what three past years foretold", () => {
  let [inside, width] = [0, 0];
  for (let seed = 1; seed <= 300; seed++) {
    const [a, b, c, now] = world(seed * 9_973) as [Snapshot, Snapshot, Snapshot, Snapshot];
    const { low, high } = forecast(now, [a, b, c]);
    const truth = totalOf(now, "final");
    if (Number(low) <= truth && truth <= Number(high)) inside++;
    width += (Number(high) - Number(low)) / truth;
  }
  assert.ok(inside >= 225 && inside <= 264, `${inside} of 300, mean width ${width / 300}`);
  assert.ok(width / 300 < 1, `mean width ${width / 300}`);
});

it("a backtest forecasts each finished campaign from those before it alone", () => {
  const same = (of: number, final: number) => year(of, { pledged: held(2, 1_000, 0, final) });
  const tried = backtest([same(2023, 500), same(2024, 500), same(2025, 500), same(2026, 900)]);
  assert.deepEqual(
    tried.map((one) => [
      one.campaignYear,
      Number(one.low),
      Number(one.high),
      Number(one.truth),
      one.inside,
      one.years,
    ]),
    [
      [2026, 500, 500, 900, false, 3],
      [2025, 500, 500, 500, true, 2],
    ],
  );
});
