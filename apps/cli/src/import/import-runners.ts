import { Decimal, type Instant } from '@ballast/domain';
import { dateCell, type LeanTerms, positiveDecimalCell, type SourceFile } from '@ballast/formats';
import {
  ImportAccounts,
  ImportBalances,
  ImportCollateral,
  type ImportContext,
  ImportHaircuts,
  ImportInstruments,
  ImportMarket,
  ImportParameters,
  ImportPositions,
  ImportPrices,
  type ImportProgress,
  type ImportReport,
} from '@ballast/use-cases';
import { Injectable } from '@nestjs/common';
import { CommandFailure, exitCodes } from '../exit-code';
import { streamUnchanged } from '../input-file';
import { ImportBars } from './import-bars';
import type { ImportOptions } from './import-options';

export const importKinds = [
  'accounts',
  'instruments',
  'positions',
  'balances',
  'market',
  'parameters',
  'collateral',
  'haircuts',
  'prices',
] as const;
export type ImportKind = (typeof importKinds)[number];

/** Kinds that may have millions of rows. */
type StreamedKind = 'positions' | 'balances';

/** Tells whether files of a kind stream through instead of being read as a whole. */
export function isStreamed(kind: ImportKind): kind is StreamedKind {
  return kind === 'positions' || kind === 'balances';
}

interface ImportWork {
  readonly context: ImportContext;
  /** Files as the user named them. */
  readonly paths: readonly string[];
  /** The same files read as a whole; empty for kinds that stream. */
  readonly sources: readonly SourceFile[];
  /** The same market by other sources. */
  readonly secondSources: readonly SourceFile[];
  readonly options: ImportOptions;
  readonly now: Instant;
}

/** The imports of reference data. */
@Injectable()
export class ReferenceImports {
  constructor(
    readonly accounts: ImportAccounts,
    readonly instruments: ImportInstruments,
    readonly parameters: ImportParameters,
    readonly haircuts: ImportHaircuts,
    readonly prices: ImportPrices,
  ) {}
}

/** The imports of what accounts hold. */
@Injectable()
export class HoldingImports {
  constructor(
    readonly positions: ImportPositions,
    readonly balances: ImportBalances,
    readonly collateral: ImportCollateral,
  ) {}
}

/** One import use case per kind. Instruments, haircuts and market take their files together, the others one by one. */
@Injectable()
export class ImportRunners {
  constructor(
    private readonly reference: ReferenceImports,
    private readonly holdings: HoldingImports,
    private readonly market: ImportMarket,
  ) {}

  /** @throws FileRefusal */
  async run(kind: ImportKind, work: ImportWork): Promise<readonly ImportReport[]> {
    const { context, paths, sources, secondSources, options, now } = work;
    const since = options.validFrom ?? now;
    if (isStreamed(kind)) return eachOf(paths, (file) => this.runStream(kind, file, { context, options, since }));
    switch (kind) {
      case 'instruments':
        return [await this.reference.instruments.execute(context, sources)];
      case 'market':
        return [await this.market.execute({ ...context, ...marketTerms(options), secondSources, now }, sources)];
      case 'accounts':
        return eachOf(sources, (source) => this.reference.accounts.execute(context, source));
      case 'prices':
        return eachOf(sources, (source) => this.reference.prices.execute(context, source));
      case 'parameters':
        return eachOf(sources, (source) => this.reference.parameters.execute(context, source));
      case 'collateral': {
        const command = { ...context, mode: options.mode ?? 'REPLACE', validFrom: since } as const;
        return eachOf(sources, (source) => this.holdings.collateral.execute(command, source));
      }
      case 'haircuts':
        return [await this.reference.haircuts.execute({ ...context, ...haircutTerms(options, since) }, sources)];
    }
  }

  /** Streams one file, with a bar for reading and one for storing. */
  private async runStream(
    kind: StreamedKind,
    path: string,
    work: { readonly context: ImportContext; readonly options: ImportOptions; readonly since: Instant },
  ): Promise<ImportReport> {
    const { context, options, since } = work;
    const { name, bytes, size } = await streamUnchanged(path);
    const bars = new ImportBars(size);
    const common = { ...context, size, onProgress: (progress: ImportProgress) => bars.show(progress) };
    const source = { name, chunks: bytes };
    try {
      if (kind === 'balances') return await this.holdings.balances.execute({ ...common, valueAt: since }, source);
      return await this.holdings.positions.execute(
        { ...common, mode: options.mode ?? 'REPLACE', validFrom: since },
        source,
      );
    } finally {
      bars.stop();
    }
  }
}

async function eachOf<Item>(
  items: readonly Item[],
  run: (item: Item) => Promise<ImportReport>,
): Promise<ImportReport[]> {
  const reports: ImportReport[] = [];
  for (const item of items) reports.push(await run(item));
  return reports;
}

function haircutTerms({ schedule, vintage }: ImportOptions, effectiveFrom: Instant) {
  return {
    effectiveFrom,
    ...(schedule === undefined ? {} : { schedule }),
    ...(vintage === undefined ? {} : { vintage }),
  };
}

function marketTerms(options: ImportOptions) {
  const { asOf, format, underlying, underlyingPrice, date, rate, dividendYield, staleAfter } = options;
  const lean: LeanTerms = {
    ...(underlying === undefined ? {} : { underlyingId: underlying }),
    ...(underlyingPrice === undefined
      ? {}
      : { underlyingPrice: optionValue('--underlying-price', () => positiveDecimalCell(underlyingPrice)) }),
    ...(date === undefined ? {} : { date: optionValue('--date', () => dateCell(date)) }),
    ...(rate === undefined ? {} : { rate }),
    ...(dividendYield === undefined ? {} : { dividendYield }),
  };
  return {
    ...(staleAfter === undefined ? {} : { ageMaximumMs: 1_000 * staleAfter }),
    ...(asOf === undefined ? {} : { asOf }),
    ...(format === undefined ? {} : { format }),
    lean,
  };
}

function optionValue<Value extends string | Decimal>(name: string, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    throw new CommandFailure(exitCodes.usage, `${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
