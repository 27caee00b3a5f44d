import { Decimal, type Money, roundMoney } from '@ballast/domain';
import { type BaseConversion, convertToBase, fxHaircutOf, rateOf } from './collateral-value';

/** Parts of the equity [base currency], unrounded; they add up to the equity before it is rounded down. */
export interface EquityParts {
  readonly cash: Decimal;
  /** Market value of shares, coins and other holdings of an underlying. */
  readonly holdings: Decimal;
  /** Net option value of premium-style options, foreign ones after FX haircut. */
  readonly optionValue: Decimal;
  /** Unrealised profit of futures, perpetuals and futures-style options. */
  readonly unrealisedPnl: Decimal;
  /** Other collateral after haircuts and concentration limits. */
  readonly collateral: Decimal;
}

/** What equity consists of; `rounding` makes the components add up to the equity. */
export const equityComponentKinds = [
  'cash',
  'holdings',
  'option-value',
  'unrealised-pnl',
  'collateral',
  'rounding',
] as const;
export type EquityComponentKind = (typeof equityComponentKinds)[number];

/** One line of the equity: all amounts of one kind in one currency. Components add up to the equity exactly. */
export interface EquityComponent {
  readonly kind: EquityComponentKind;
  readonly currency: string;
  /** Before conversion [currency], rounded down; of option value: what is not stated by its own currency, converted. */
  readonly grossAmount: Money;
  /** Base currency per unit of `currency`. */
  readonly fxRate: number;
  /** Fraction by which the currency is valued worse, 0…1. */
  readonly fxHaircut: number;
  /** After conversion and FX haircut [base currency], rounded down. */
  readonly amount: Money;
}

interface Sum {
  gross: Decimal;
  amount: Decimal;
}

/** Adds up the equity of one account, by kind and currency. */
export class EquitySums {
  private readonly sums = new Map<EquityComponentKind, Map<string, Sum>>();

  constructor(private readonly conversion: BaseConversion) {}

  /** Adds an amount of a currency. @throws DomainError 'FX_MISSING' */
  add(kind: EquityComponentKind, currency: string, amount: Decimal): void {
    this.put(kind, currency, amount, convertToBase(amount, currency, this.conversion));
  }

  /**
   * Adds the net option value of all premium-style options [base currency, at unreduced rates]: foreign options under an
   * FX haircut were added one by one, so only the rest of it is added here.
   */
  addNetOptionValue(netOptionValue: Decimal): void {
    const { baseCurrency } = this.conversion;
    const foreign = [...(this.sums.get('option-value') ?? [])];
    const rest = foreign.reduce(
      (left, [currency, { gross }]) => left.minus(gross.times(rateOf(currency, this.conversion))),
      netOptionValue,
    );
    if (foreign.length > 0 && rest.abs().lessThan(noiseOf(netOptionValue))) return;
    this.put('option-value', baseCurrency, rest, rest);
  }

  /** Unrounded. */
  total(): Decimal {
    return Object.values(this.parts()).reduce((sum: Decimal, part: Decimal) => sum.plus(part), new Decimal(0));
  }

  parts(): EquityParts {
    return {
      cash: this.sumOf('cash'),
      holdings: this.sumOf('holdings'),
      optionValue: this.sumOf('option-value'),
      unrealisedPnl: this.sumOf('unrealised-pnl'),
      collateral: this.sumOf('collateral'),
    };
  }

  /** Lines in order of kind and currency, each rounded down, and the rounding that is left. */
  components(equity: Money): EquityComponent[] {
    const { baseCurrency } = this.conversion;
    const components: EquityComponent[] = [];
    let left = equity.amount;
    for (const kind of equityComponentKinds) {
      const byCurrency = [...(this.sums.get(kind) ?? [])].sort(([first], [second]) => (first < second ? -1 : 1));
      for (const [currency, { gross, amount }] of byCurrency) {
        if (gross.isZero() && amount.isZero()) continue;
        const rounded = roundMoney({ amount, currency: baseCurrency }, 'down');
        left = left.minus(rounded.amount);
        components.push({
          kind,
          currency,
          grossAmount: roundMoney({ amount: gross, currency }, 'down'),
          fxRate: rateOf(currency, this.conversion),
          fxHaircut: fxHaircutOf(currency, this.conversion),
          amount: rounded,
        });
      }
    }
    if (left.isZero()) return components;
    const rounding: Money = { amount: left, currency: baseCurrency };
    return [
      ...components,
      { kind: 'rounding', currency: baseCurrency, grossAmount: rounding, fxRate: 1, fxHaircut: 0, amount: rounding },
    ];
  }

  private put(kind: EquityComponentKind, currency: string, gross: Decimal, amount: Decimal): void {
    const byCurrency = this.sums.get(kind) ?? new Map<string, Sum>();
    this.sums.set(kind, byCurrency);
    const sum = byCurrency.get(currency);
    if (sum === undefined) byCurrency.set(currency, { gross, amount });
    else {
      sum.gross = sum.gross.plus(gross);
      sum.amount = sum.amount.plus(amount);
    }
  }

  private sumOf(kind: EquityComponentKind): Decimal {
    let total = new Decimal(0);
    for (const { amount } of this.sums.get(kind)?.values() ?? []) total = total.plus(amount);
    return total;
  }
}

/** A rest smaller than this is the rounding of the model value, not an option. */
function noiseOf(netOptionValue: Decimal): Decimal {
  return Decimal.max('1e-8', netOptionValue.abs().times('1e-12'));
}
