// Why requirement and buffer changed between two portfolio files of one account; touches no database.
import { attributeChange, evaluateState, type FigureEffect, type UnderlyingEffect } from '@ballast/buffer';
import { formatMoney } from '@ballast/domain';
import { parsePortfolioFile, type PortfolioFile } from '@ballast/formats';
import { type PortfolioFileRejection, rejectionOf, toPortfolioOutput } from './evaluate-portfolio-file';
import type { MarginOutput } from './margin-output';
import { type FileAnswer, prepareFileState } from './portfolio-file-state';

/** Changes as decimal strings at the currency's scale. */
export interface ChangeAmounts {
  readonly initialRequirement: string;
  readonly maintenanceRequirement: string;
  readonly equity: string;
  readonly buffer: string;
}

/** Changes of one underlying; null for what belongs to the account as a whole: cash, time, parameters, exchange rates. */
export interface UnderlyingAmounts extends ChangeAmounts {
  readonly underlying: string | null;
}

export interface AttributeOutput {
  readonly currency: string;
  readonly from: MarginOutput;
  readonly to: MarginOutput;
  /** Later − earlier; null, without factors, when either end cannot be valued. */
  readonly change: ChangeAmounts | null;
  /** Shares of trades, price, volatility, time, rates, parameters and cash; they add up to `change` exactly. */
  readonly factors: readonly (ChangeAmounts & {
    readonly factor: string;
    /** Parts that add up to the factor exactly. */
    readonly byUnderlying: readonly UnderlyingAmounts[];
  })[];
  /** All factors by underlying; they add up to `change` exactly. */
  readonly byUnderlying: readonly UnderlyingAmounts[];
}

/** Attributes the change from one portfolio file to another (contract §2, methodology §5.6). */
export function attributeFiles(input: {
  readonly from: { readonly text: string; readonly fileName: string };
  readonly to: { readonly text: string; readonly fileName: string };
}): FileAnswer<AttributeOutput> {
  const earlier = readFile(input.from);
  if ('rejection' in earlier) return earlier.rejection;
  const later = readFile(input.to);
  if ('rejection' in later) return later.rejection;
  try {
    const unvalued = unvaluedOutput(earlier, later);
    if (unvalued !== null) return { status: 'indeterminate', exitCode: 5, output: unvalued };
    const { from, to, total, factors, byUnderlying } = attributeChange(earlier.state.prepared, later.state.prepared);
    const currency = earlier.file.portfolio.baseCurrency;
    const output = {
      currency,
      from: toPortfolioOutput(from.requirement, from.assessment, currency),
      to: toPortfolioOutput(to.requirement, to.assessment, currency),
      change: amountsOf(total),
      factors: factors.map((effect) => ({
        factor: effect.factor,
        ...amountsOf(effect),
        byUnderlying: effect.byUnderlying.map(underlyingOf),
      })),
      byUnderlying: byUnderlying.map(underlyingOf),
    };
    return { status: 'answered', exitCode: 0, output };
  } catch (error) {
    return rejectionOf(error, input.to.fileName, later.file);
  }
}

/** The two ends where one of them cannot be valued, else null. */
function unvaluedOutput(earlier: Valuable, later: Valuable): AttributeOutput | null {
  const [from, to] = [earlier, later].map(({ file, state }) => {
    const { requirement, assessment } = evaluateState(state.prepared);
    return toPortfolioOutput(requirement, assessment, file.portfolio.baseCurrency);
  }) as [MarginOutput, MarginOutput];
  if (from.quality !== 'INDETERMINATE' && to.quality !== 'INDETERMINATE') return null;
  return { currency: to.currency, from, to, change: null, factors: [], byUnderlying: [] };
}

/** Writes an attribution as a table whose rows add up to the last one. */
export function formatAttributeReport({ currency, change, factors, byUnderlying, from, to }: AttributeOutput): string {
  if (change === null) {
    const reasons = [...new Set([...from.qualityReasons, ...to.qualityReasons])];
    return `${['Cannot be valued:', ...reasons.map((reason) => `  ${reason}`)].join('\n')}\n`;
  }
  const row = (name: string, amounts: ChangeAmounts) => [
    name,
    amounts.equity,
    amounts.initialRequirement,
    amounts.maintenanceRequirement,
    amounts.buffer,
  ];
  const rows = [
    [currency, 'equity', 'initial', 'maintenance', 'buffer'],
    ...factors.map((effect) => row(effect.factor, effect)),
    row('change', change),
    ['', '', '', '', ''],
    ['of which', '', '', '', ''],
    ...byUnderlying.map((part) => row(part.underlying ?? 'the account', part)),
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0))) ?? [];
  const lines = rows.map((cells) =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
  return `${from.status} → ${to.status}, buffer ${from.buffer ?? '—'} → ${to.buffer ?? '—'}\n\n${lines.join('\n')}\n`;
}

interface Valuable {
  readonly file: PortfolioFile;
  readonly state: ReturnType<typeof prepareFileState>;
}

type Read = Valuable | { readonly rejection: PortfolioFileRejection };

function readFile({ text, fileName }: { readonly text: string; readonly fileName: string }): Read {
  let file: PortfolioFile | undefined;
  try {
    file = parsePortfolioFile(text, fileName);
    return { file, state: prepareFileState(file) };
  } catch (error) {
    return { rejection: rejectionOf(error, fileName, file) };
  }
}

function underlyingOf(effect: UnderlyingEffect): UnderlyingAmounts {
  return { underlying: effect.underlying, ...amountsOf(effect) };
}

function amountsOf({ initialRequirement, maintenanceRequirement, equity, buffer }: FigureEffect): ChangeAmounts {
  return {
    initialRequirement: formatMoney(initialRequirement),
    maintenanceRequirement: formatMoney(maintenanceRequirement),
    equity: formatMoney(equity),
    buffer: formatMoney(buffer),
  };
}
