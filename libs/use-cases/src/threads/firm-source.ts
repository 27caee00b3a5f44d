// The accounts of a firm as data alone, page by page: what a firm's risk is added up from in any thread.
import {
  type FirmRisk,
  type FirmRiskQuestion,
  type FirmRiskSum,
  prepareState,
  type PreparedState,
  type Steps,
  sumFirmRisk,
} from '@ballast/buffer';
import { type Instrument, type MarketSnapshot, type Methodology } from '@ballast/domain';
import type { Portfolio } from '@ballast/margin';
import { type AccountTerms, type MethodologyRules, prepareMethodologyRules } from './account-source';
import { type PostedFailure, readFailure } from './thread-failure';

/** What the pages of a firm share. */
export interface FirmSource {
  readonly snapshot: MarketSnapshot;
  readonly question: FirmRiskQuestion;
  readonly listedFutures: readonly Instrument[];
  /** Stored parameter set by methodology; published defaults where there is none. */
  readonly parameters: ReadonlyMap<Methodology, unknown>;
}

/** An account of a page. */
export interface FirmAccountSource extends AccountTerms {
  readonly id: string;
  readonly name: string;
  /** Positions as they are held, without the futures that the firm lists; or why it cannot be put together. */
  readonly portfolio: Portfolio | PostedFailure;
}

/** Adds pages up. The first contract of an identifier is the one all later pages share, because valuations belong to it. */
export interface FirmAddition {
  readonly add: (accounts: readonly FirmAccountSource[]) => Steps<void>;
  readonly conclude: () => FirmRisk;
}

/** @throws DomainError as sumFirmRisk */
export function addUpFirm({ snapshot, question, listedFutures, parameters }: FirmSource): FirmAddition {
  const sum: FirmRiskSum = sumFirmRisk(snapshot, question);
  const instruments = new Map(listedFutures.map((future) => [future.id, future]));
  const rules = new Map<Methodology, MethodologyRules>();
  const rulesOf = (methodology: Methodology): MethodologyRules => {
    const known = rules.get(methodology);
    if (known !== undefined) return known;
    const stored = parameters.get(methodology) ?? {};
    const prepared = prepareMethodologyRules({ methodology, parameters: stored, asOf: snapshot.asOf });
    rules.set(methodology, prepared);
    return prepared;
  };
  const shared = (instrument: Instrument): Instrument => {
    const known = instruments.get(instrument.id);
    if (known !== undefined) return known;
    instruments.set(instrument.id, instrument);
    return instrument;
  };
  return {
    *add(accounts) {
      for (const { id, name, portfolio: own, ...terms } of accounts) {
        const prepare = (): PreparedState => {
          if ('kind' in own) throw readFailure(own);
          const positions = own.positions.map((position) => ({ ...position, instrument: shared(position.instrument) }));
          const portfolio = { ...own, positions, listedInstruments: listedFutures };
          return prepareState({ portfolio, snapshot }, rulesOf(own.methodology)(terms));
        };
        yield* sum.add({ id, name, code: terms.code, prepare });
      }
    },
    conclude: () => sum.conclude(),
  };
}
