import type { PriceCase, PriceFigures } from '@ballast/formats';
import { Injectable } from '@nestjs/common';
import { requirePermission } from '../caller/principal';
import type { ReadSession } from '../question/read-session';
import { AnalysisThreads } from '../threads/analysis-threads';
import { priceCase } from './price-file';

export type { PriceCase, PriceFigures } from '@ballast/formats';

/** Trees of more steps are built in a thread: the work grows with their square, and at 5,000 takes some 200 ms. */
const stepsAtOnce = 801;

/** Prices one contract from its terms alone; no account and no market data of the firm is involved. */
@Injectable()
export class PriceContract {
  constructor(private readonly threads: AnalysisThreads) {}

  /**
   * @throws PricingInputError, or DomainError, 'INVALID_PRICING_INPUT' naming the field; UseCaseError 'FORBIDDEN',
   *         'UNAVAILABLE' when too many wait for a thread
   */
  async execute(session: ReadSession, contract: PriceCase): Promise<PriceFigures> {
    requirePermission(session.principal, 'price');
    if (contract.model !== 'binomial-crr' || contract.steps <= stepsAtOnce) return priceCase(contract);
    return this.threads.price(contract, { field: 'input.steps', signal: session.signal });
  }
}
