import { registerEnumType } from '@nestjs/graphql';

export const Methodology = {
  SPAN: 'SPAN',
  TIMS: 'TIMS',
  CRYPTO_PM: 'CRYPTO_PM',
  CRYPTO_PMRM: 'CRYPTO_PMRM',
  SENSITIVITY: 'SENSITIVITY',
} as const;
registerEnumType(Methodology, {
  name: 'Methodology',
  description: 'Rules by which a requirement is computed.',
  valuesMap: {
    SPAN: {
      description: 'Sixteen scenarios of price and volatility per underlying, as futures exchanges publish them.',
    },
    TIMS: {
      description:
        'Ten equidistant price moves per product group, the rules-based portfolio margin of US equity options.',
    },
    CRYPTO_PM: {
      description: 'Portfolio margin of a coin-options venue: price and volatility grid, contingencies in the coin.',
    },
    CRYPTO_PMRM: {
      description: 'Portfolio margin of an on-chain venue: scenarios, forward and confidence contingencies.',
    },
    SENSITIVITY: { description: 'Standardised sensitivities weighted and aggregated by bucket, without scenarios.' },
  },
});

export const BufferStatus = {
  HEALTHY: 'HEALTHY',
  WATCH: 'WATCH',
  MARGIN_CALL: 'MARGIN_CALL',
  LIQUIDATION: 'LIQUIDATION',
  INDETERMINATE: 'INDETERMINATE',
} as const;
registerEnumType(BufferStatus, {
  name: 'BufferStatus',
  description: 'Step of the ladder on which an account stands; multiples are those of its buffer policy.',
  valuesMap: {
    HEALTHY: { description: 'Equity covers the maintenance requirement with the margin the policy asks for.' },
    WATCH: { description: 'Equity lies below the watch multiple of maintenance; nothing is due yet.' },
    MARGIN_CALL: { description: 'Equity lies below the call multiple of maintenance; the missing amount is due.' },
    LIQUIDATION: { description: 'Equity lies below the liquidation multiple, or a call is overdue.' },
    INDETERMINATE: { description: 'No figure can be given; treat the account as not covered.' },
  },
});

export const DataQuality = {
  OK: 'OK',
  DEGRADED: 'DEGRADED',
  STALE: 'STALE',
  INDETERMINATE: 'INDETERMINATE',
  HELD: 'HELD',
} as const;
registerEnumType(DataQuality, {
  name: 'DataQuality',
  description: 'How good the data behind an answer was.',
  valuesMap: {
    OK: { description: 'All inputs were fresh.' },
    DEGRADED: { description: 'A fallback took the place of a missing or refused input; reasons name it.' },
    STALE: { description: 'No newer run within twice the usual interval; figures are the last good ones.' },
    INDETERMINATE: { description: 'An input that cannot be replaced is missing; amounts are null, never zero.' },
    HELD: { description: 'The figure moved so far that a person has to release it.' },
  },
});

export const OrderDirection = { ASC: 'ASC', DESC: 'DESC' } as const;
registerEnumType(OrderDirection, {
  name: 'OrderDirection',
  description: 'Direction of an order; rows without a value come last either way.',
  valuesMap: { ASC: { description: 'Smallest first.' }, DESC: { description: 'Largest first.' } },
});
