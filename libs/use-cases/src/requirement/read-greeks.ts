import {
  DomainError,
  type Instant,
  instantOf,
  type Instrument,
  type MarketSnapshot,
  type Methodology,
  type OptionInstrument,
  type Position,
  type UnderlyingQuote,
} from '@ballast/domain';
import {
  chooseSpanModel,
  chooseTimsModel,
  type GreeksGroup,
  type GreeksGrouping,
  groupGreeks,
  type ModelChoice,
  spanMethod,
  timsMethod,
  valuePositions,
} from '@ballast/margin';
import {
  InstrumentStore,
  MarketSnapshotStore,
  PositionStore,
  RiskParameterStore,
  type TenantTransaction,
} from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import type { BatchRead } from '../question/batch-read';
import { requirePermission } from '../caller/principal';
import type { ReadSession } from '../question/read-session';
import { inSharesAt, SplitReader } from '../market/split-reader';

export type { GreeksGroup, GreeksGrouping } from '@ballast/margin';

export interface GreeksQuestion {
  readonly accountId: string;
  readonly baseCurrency: string;
  readonly methodology: Methodology;
  readonly by: GreeksGrouping;
  readonly now: Instant;
}

type ChooseModel = (instrument: OptionInstrument, underlying: UnderlyingQuote) => ModelChoice;

interface Market {
  readonly snapshot: MarketSnapshot;
  readonly positions: ReadonlyMap<string, readonly Position[]>;
  readonly instruments: ReadonlyMap<string, Instrument>;
  readonly models: ReadonlyMap<Methodology, ChooseModel>;
}

/**
 * Computes position Greeks of what is held now on the latest market snapshot, with the models of each account's
 * methodology. Accounts asked for together share one reading of the market.
 */
@Injectable()
export class ReadGreeks implements BatchRead<GreeksQuestion, readonly GreeksGroup[] | Error> {
  constructor(
    private readonly snapshots: MarketSnapshotStore,
    private readonly positions: PositionStore,
    private readonly instruments: InstrumentStore,
    private readonly parameters: RiskParameterStore,
    private readonly splitReader: SplitReader,
  ) {}

  /** @returns per question its groups, or a DomainError 'PRICE_MISSING' when a contract held cannot be valued */
  async executeMany(
    session: ReadSession,
    questions: readonly GreeksQuestion[],
  ): Promise<readonly (readonly GreeksGroup[] | Error)[]> {
    requirePermission(session.principal, 'read-accounts');
    const market = await session.read((tx) => this.readMarket(tx, questions));
    return questions.map((question) => {
      try {
        return market === null ? [] : groupsOf(question, market);
      } catch (error) {
        if (error instanceof DomainError) return error;
        throw error;
      }
    });
  }

  private async readMarket(tx: TenantTransaction, questions: readonly GreeksQuestion[]): Promise<Market | null> {
    const head = await this.snapshots.findLatest(tx);
    if (head === null) return null;
    const accountIds = questions.map(({ accountId }) => accountId);
    const validAt = instantOf(Math.max(head.asOf, ...questions.map(({ now }) => now)));
    const positions = await this.positions.findAsOf(tx, accountIds, { validAt });
    const held = [...new Set([...positions.values()].flat().map(({ instrumentId }) => instrumentId))];
    const instruments = await this.instruments.findByIds(tx, held);
    const splits = await this.splitReader.readSplits(tx, { positionsAt: validAt });
    const forerunners = await this.splitReader.readForerunners(tx, instruments, splits);
    const stored = await this.snapshots.loadForInstruments(tx, head.id, [...held, ...forerunners.keys()]);
    if (stored === null) return null;
    const snapshot = inSharesAt(stored.snapshot, { splits, forerunners }, { instruments, positionsAt: validAt });
    const models = new Map<Methodology, ChooseModel>();
    for (const methodology of new Set(questions.map((question) => question.methodology))) {
      const set = await this.parameters.findInEffect(tx, { methodology, asOf: head.asOf });
      models.set(methodology, modelsOf(methodology, set?.parameters ?? {}, head.asOf));
    }
    return { snapshot, positions, instruments, models };
  }
}

/** The models a methodology values options with, under the parameters in force. */
function modelsOf(methodology: Methodology, overrides: unknown, asOf: Instant): ChooseModel {
  switch (methodology) {
    case 'SPAN':
    case 'SENSITIVITY': {
      const parameters = spanMethod.parseParameters(methodology === 'SPAN' ? overrides : {}, asOf);
      return (instrument, underlying) => chooseSpanModel(instrument, underlying, parameters);
    }
    case 'TIMS': {
      const parameters = timsMethod.parseParameters(overrides, asOf);
      return (instrument) => chooseTimsModel(instrument, parameters);
    }
    case 'CRYPTO_PM':
    case 'CRYPTO_PMRM':
      return () => ({ model: 'black76' });
  }
}

function groupsOf(question: GreeksQuestion, market: Market): readonly GreeksGroup[] {
  const { accountId, baseCurrency, methodology, by } = question;
  const held = market.positions.get(accountId) ?? [];
  const positions = held.map(({ instrumentId, quantity }) => {
    const instrument = market.instruments.get(instrumentId);
    if (instrument === undefined)
      throw new DomainError('INSTRUMENT_UNKNOWN', `instrument ${instrumentId} is not listed`);
    return { instrument, quantity };
  });
  const { snapshot } = market;
  const chooseModel = market.models.get(methodology) ?? modelsOf(methodology, {}, snapshot.asOf);
  const portfolio = { asOf: snapshot.asOf, methodology, baseCurrency, positions, cash: [], collateral: [] };
  const valuation = valuePositions({ portfolio, snapshot, chooseModel });
  if (valuation.status === 'indeterminate') throw new DomainError('PRICE_MISSING', valuation.reasons.join('; '));
  return groupGreeks(valuation.positions, by);
}
