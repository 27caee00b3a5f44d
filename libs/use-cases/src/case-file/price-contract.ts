import type { PriceCase, PriceFigures } from '@ballast/formats';
import { Injectable } from '@nestjs/common';
import { priceCase } from './price-file';
import { type Principal, requirePermission } from '../caller/principal';

export type { PriceCase, PriceFigures } from '@ballast/formats';

/** Prices one contract from its terms alone; no account and no market data of the firm is involved. */
@Injectable()
export class PriceContract {
  /** @throws PricingInputError 'INVALID_PRICING_INPUT' naming the field; UseCaseError 'FORBIDDEN' */
  execute(principal: Principal, contract: PriceCase): PriceFigures {
    requirePermission(principal, 'price');
    return priceCase(contract);
  }
}
