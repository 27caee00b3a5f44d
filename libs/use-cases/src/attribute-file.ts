// Why requirement and buffer changed between two portfolio files of one account; touches no database.
import { attributeChange, type FactorEffect } from '@ballast/buffer';
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

export interface AttributeOutput {
  readonly currency: string;
  readonly from: MarginOutput;
  readonly to: MarginOutput;
  /** Later − earlier. */
  readonly change: ChangeAmounts;
  /** Shares of trades, price, volatility, time, rates, parameters and cash; they add up to `change` exactly. */
  readonly factors: readonly (ChangeAmounts & { readonly factor: string })[];
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
    const { from, to, total, factors } = attributeChange(earlier.state.prepared, later.state.prepared);
    const currency = earlier.file.portfolio.baseCurrency;
    const output = {
      currency,
      from: toPortfolioOutput(from.requirement, from.assessment, currency),
      to: toPortfolioOutput(to.requirement, to.assessment, currency),
      change: amountsOf(total),
      factors: factors.map((effect) => ({ factor: effect.factor, ...amountsOf(effect) })),
    };
    return { status: 'answered', exitCode: 0, output };
  } catch (error) {
    return rejectionOf(error, input.to.fileName, later.file);
  }
}

/** Writes an attribution as a table whose rows add up to the last one. */
export function formatAttributeReport({ currency, change, factors, from, to }: AttributeOutput): string {
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
  ];
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0))) ?? [];
  const lines = rows.map((cells) =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  '),
  );
  return `${from.status} → ${to.status}, buffer ${from.buffer ?? '—'} → ${to.buffer ?? '—'}\n\n${lines.join('\n')}\n`;
}

type Read =
  | { readonly file: PortfolioFile; readonly state: ReturnType<typeof prepareFileState> }
  | { readonly rejection: PortfolioFileRejection };

function readFile({ text, fileName }: { readonly text: string; readonly fileName: string }): Read {
  let file: PortfolioFile | undefined;
  try {
    file = parsePortfolioFile(text, fileName);
    return { file, state: prepareFileState(file) };
  } catch (error) {
    return { rejection: rejectionOf(error, fileName, file) };
  }
}

function amountsOf({
  initialRequirement,
  maintenanceRequirement,
  equity,
  buffer,
}: Omit<FactorEffect, 'factor'>): ChangeAmounts {
  return {
    initialRequirement: formatMoney(initialRequirement),
    maintenanceRequirement: formatMoney(maintenanceRequirement),
    equity: formatMoney(equity),
    buffer: formatMoney(buffer),
  };
}
