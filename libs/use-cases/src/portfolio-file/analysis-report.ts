// What-if, levels and restoration as text a person reads.
import type { LevelPointOutput, LevelsOfMove, LevelsOutput } from './levels-file';
import type { MarginOutput } from './margin-output';
import type { RestoreOutput } from './restore-file';
import type { TradeEffectOutput, WhatIfOutput } from './what-if-file';

/** Writes a what-if answer: every figure before, after and its change, the binding scenarios, what expires. */
export function formatWhatIfReport(output: WhatIfOutput): string {
  const { before, after, change, affordableQuantity, affordable } = output;
  const row = (label: string, key: 'equity' | 'buffer' | 'excess' | AmountKey) => [
    label,
    before[key] ?? missing,
    after[key] ?? missing,
    change[key] ?? missing,
  ];
  const figures = columns([
    [`${after.methodology}, ${after.currency}`, 'before', 'after', 'change'],
    row('Initial requirement', 'initialRequirement'),
    row('Maintenance requirement', 'maintenanceRequirement'),
    row('Net option value', 'netOptionValue'),
    row('Equity', 'equity'),
    row('Buffer (equity − maintenance)', 'buffer'),
    row('Excess (equity − initial)', 'excess'),
    ['Status', before.status, after.status, ''],
  ]);
  const greeks = change.greeks.map(({ underlying, delta, gamma, vega, theta }) => [
    underlying,
    ...[delta, gamma, vega / 100, theta / 365].map((value) => value.toFixed(2)),
  ]);
  return sections([
    figures,
    [`Worst scenario before: ${worstText(before)}`, `Worst scenario after:  ${worstText(after)}`],
    greeks.length === 0
      ? []
      : [
          'Change of Greeks (vega per volatility point, theta per day)',
          ...columns([['', 'delta', 'gamma', 'vega', 'theta'], ...greeks]),
        ],
    effectLines('Trades', output.trades),
    effectLines('Settled at expiry', output.settled),
    affordable === 'found' ? [`Largest affordable quantity: ${affordableQuantity ?? missing}`] : [],
    affordable === 'unlimited' ? ['Largest affordable quantity: no limit'] : [],
    reasonLines([...before.qualityReasons, ...after.qualityReasons]),
  ]);
}

/** Writes liquidation levels: the nearest on both sides, then all where there are more. */
export function formatLevelsReport(output: LevelsOutput): string {
  const { levels, market, volatility, currency } = output;
  const more = levels.filter(({ points }) => points.length > 2);
  return sections([
    [
      `${output.status}   equity ${output.equity ?? missing}   maintenance ${output.maintenanceRequirement ?? missing}   buffer ${output.buffer ?? missing} ${currency}`,
    ],
    levels.length === 0
      ? []
      : columns([
          ['Underlying', 'now', 'lower', 'upper'],
          ...levels.map((level) => [level.underlying, level.price, pointText(level.lower), pointText(level.upper)]),
        ]),
    [...moveLines('All prices together', market), ...moveLines('All volatilities together', volatility)],
    ...more.map(({ underlying, points }) => [
      `${underlying}: every price at which equity equals maintenance`,
      ...points.map((point) => `  ${pointText(point)}, short of it ${point.shortfall.toLowerCase()}`),
    ]),
    reasonLines(output.qualityReasons),
  ]);
}

/** Writes a restoration plan: what is missing, the deposit, the trades and where they lead. */
export function formatRestoreReport(output: RestoreOutput): string {
  const { trades, optimal, currency, after } = output;
  const proof = optimal ? 'no cheaper set exists' : `no set costs less than ${output.costLowerBound ?? missing}`;
  const none = optimal ? 'No set of these trades reaches the target.' : 'No set of these trades was found.';
  return sections([
    columns([
      [`Target ${output.target.toLowerCase()}`, output.level ?? missing, currency],
      ['Equity', output.equity ?? missing, currency],
      ['Smallest deposit', output.deposit ?? missing, currency],
    ]),
    trades === null
      ? output.level === null
        ? []
        : [none]
      : trades.length === 0
        ? ['Nothing needs to be traded.']
        : [`Cheapest trades: cost ${output.cost ?? missing} ${currency}, ${proof}`, ...effectRows(trades)],
    after === null
      ? []
      : [
          `After the trades: ${after.status}, equity ${after.equity ?? missing}, maintenance ${after.maintenanceRequirement ?? missing}, initial ${after.initialRequirement ?? missing}`,
        ],
    reasonLines(output.qualityReasons),
  ]);
}

type AmountKey = 'initialRequirement' | 'maintenanceRequirement' | 'netOptionValue';
const missing = '—';

function worstText({ worstScenario, currency }: MarginOutput): string {
  if (worstScenario === null) return missing;
  const { group, index, label, loss } = worstScenario;
  return `${group} ${index}, ${label}: loss ${loss.toFixed(2)} ${currency}`;
}

function effectLines(title: string, effects: readonly TradeEffectOutput[]): readonly string[] {
  return effects.length === 0 ? [] : [title, ...effectRows(effects)];
}

function effectRows(effects: readonly TradeEffectOutput[]): readonly string[] {
  const rows = effects.map(({ instrument, quantity, price, cash, currency }) => [
    instrument,
    quantity,
    price,
    `${cash} ${currency}`,
  ]);
  return columns([['Contract', 'quantity', 'price', 'cash'], ...rows]);
}

function moveLines(title: string, levels: LevelsOfMove | null): readonly string[] {
  if (levels === null) return [];
  return [`${title}: lower ${pointText(levels.lower)}, upper ${pointText(levels.upper)}`];
}

function pointText(point: LevelPointOutput | null): string {
  if (point === null) return 'none';
  const move = `${point.move < 0 ? '' : '+'}${(100 * point.move).toFixed(2)} %`;
  return point.price === null ? move : `${Number(point.price).toFixed(4)} (${move})`;
}

function reasonLines(reasons: readonly string[]): readonly string[] {
  return reasons.length === 0 ? [] : ['Cannot be valued:', ...[...new Set(reasons)].map((reason) => `  ${reason}`)];
}

function sections(parts: readonly (readonly string[])[]): string {
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

/** The first column to the left, the others to the right. */
function columns(rows: readonly (readonly string[])[]): readonly string[] {
  const widths: number[] = [];
  for (const row of rows) row.forEach((cell, index) => (widths[index] = Math.max(widths[index] ?? 0, cell.length)));
  return rows.map((row) =>
    row
      .map((cell, index) => (index === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[index] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}
