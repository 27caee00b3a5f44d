import { Decimal, type Instant } from '@ballast/domain';
import { dateCell, type LeanTerms, positiveDecimalCell, type SourceFile } from '@ballast/formats';
import {
  ImportAccounts,
  ImportBalances,
  type ImportContext,
  ImportInstruments,
  ImportMarket,
  ImportParameters,
  ImportPositions,
  type ImportReport,
} from '@ballast/use-cases';
import { Injectable } from '@nestjs/common';
import { CommandFailure, exitCodes } from '../exit-code';
import type { ImportOptions } from './import.command';

export const importKinds = ['accounts', 'instruments', 'positions', 'balances', 'market', 'parameters'] as const;
export type ImportKind = (typeof importKinds)[number];

interface ImportWork {
  readonly context: ImportContext;
  readonly sources: readonly SourceFile[];
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
  ) {}
}

/** One import use case per kind. Instruments and market take their files together, the others one by one. */
@Injectable()
export class ImportRunners {
  constructor(
    private readonly reference: ReferenceImports,
    private readonly positions: ImportPositions,
    private readonly balances: ImportBalances,
    private readonly market: ImportMarket,
  ) {}

  /** @throws FileRefusal */
  async run(kind: ImportKind, work: ImportWork): Promise<readonly ImportReport[]> {
    const { context, sources, options, now } = work;
    const since = options.validFrom ?? now;
    switch (kind) {
      case 'instruments':
        return [await this.reference.instruments.execute(context, sources)];
      case 'market':
        return [await this.market.execute({ ...context, ...marketTerms(options) }, sources)];
      case 'accounts':
        return eachOf(sources, (source) => this.reference.accounts.execute(context, source));
      case 'parameters':
        return eachOf(sources, (source) => this.reference.parameters.execute(context, source));
      case 'positions': {
        const command = { ...context, mode: options.mode ?? 'REPLACE', validFrom: since } as const;
        return eachOf(sources, (source) => this.positions.execute(command, source));
      }
      case 'balances':
        return eachOf(sources, (source) => this.balances.execute({ ...context, valueAt: since }, source));
    }
  }
}

async function eachOf(
  sources: readonly SourceFile[],
  run: (source: SourceFile) => Promise<ImportReport>,
): Promise<ImportReport[]> {
  const reports: ImportReport[] = [];
  for (const source of sources) reports.push(await run(source));
  return reports;
}

function marketTerms(options: ImportOptions) {
  const { asOf, format, underlying, underlyingPrice, date, rate, dividendYield } = options;
  const lean: LeanTerms = {
    ...(underlying === undefined ? {} : { underlyingId: underlying }),
    ...(underlyingPrice === undefined
      ? {}
      : { underlyingPrice: optionValue('--underlying-price', () => positiveDecimalCell(underlyingPrice)) }),
    ...(date === undefined ? {} : { date: optionValue('--date', () => dateCell(date)) }),
    ...(rate === undefined ? {} : { rate }),
    ...(dividendYield === undefined ? {} : { dividendYield }),
  };
  return { ...(asOf === undefined ? {} : { asOf }), ...(format === undefined ? {} : { format }), lean };
}

function optionValue<Value extends string | Decimal>(name: string, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    throw new CommandFailure(exitCodes.usage, `${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
