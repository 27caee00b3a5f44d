import type { HeldCents } from '@ballast/buffer';
import { Decimal, deferred, digitsOfUnits, type Money } from '@ballast/domain';
import { type DenseFindings, DenseSpanRequirement, type MarginRequirement } from '@ballast/margin';
import type { AccountResult, WrittenFigures } from '@ballast/persistence';
import { type AccountEvaluation, evaluateAccount } from '../run/evaluate-account';
import { hashPlainResult } from '../run/result-hash';

/** What was found for an account by whole numbers. */
export interface CentsFindings {
  readonly evaluation: AccountEvaluation;
  readonly found: DenseFindings;
  /** [cents] */
  readonly amounts: {
    readonly initial: number;
    readonly maintenance: number;
    readonly netOptionValue: number;
    readonly equity: number;
  };
  readonly held: HeldCents;
  /** [ten-thousandths] */
  readonly leverage: number | null;
  readonly inputHash: string;
}

const none: readonly string[] = [];

/**
 * The result of an account that was evaluated by whole numbers: its figures are digits, money is made of them where somebody
 * counts with it, and what explains them where somebody reads it. That is read by name only; a copy does not have it.
 */
export class CentsResult implements AccountResult {
  readonly accountId;
  readonly baseCurrency;
  readonly status;
  readonly computedStatus;
  readonly quality = 'OK';
  readonly qualityReasons = none;
  readonly collateral = [];
  readonly previousStatus;
  readonly parameterSetId;
  readonly parameterHash;
  readonly inputHash;
  readonly figures;
  readonly resultHash: string;
  readonly written: WrittenFigures;
  private readonly found;
  private readonly explain;
  private made: DenseSpanRequirement | undefined;

  constructor({ evaluation, found, amounts, held, leverage, inputHash }: CentsFindings) {
    const { account, previousStatus, inEffect } = evaluation;
    this.accountId = account.id;
    this.baseCurrency = account.baseCurrency;
    this.status = held.status;
    this.computedStatus = held.status;
    this.previousStatus = previousStatus ?? null;
    this.parameterSetId = inEffect.parameterSet.id;
    this.parameterHash = inEffect.parameterSet.hash;
    this.inputHash = inputHash;
    this.figures = found.figures;
    this.written = {
      initial: digitsOfUnits(amounts.initial, 2),
      maintenance: digitsOfUnits(amounts.maintenance, 2),
      netOptionValue: digitsOfUnits(amounts.netOptionValue, 2),
      equity: digitsOfUnits(amounts.equity, 2),
      collateralValue: '0',
      buffer: digitsOfUnits(held.buffer, 2),
      bufferRatio: held.ratio === null ? null : digitsOfUnits(held.ratio, 6),
      excess: digitsOfUnits(held.excess, 2),
      leverage: leverage === null ? null : digitsOfUnits(leverage, 4),
    };
    this.found = found;
    this.explain = deferred(() => evaluateAccount(evaluation));
    this.resultHash = hashPlainResult(this, found.worstScenario);
  }

  get requirement(): MarginRequirement {
    this.made ??= new DenseSpanRequirement(this.found, () => this.explain().requirement);
    return this.made;
  }

  get equity(): Money {
    return this.money(this.written.equity);
  }

  get collateralValue(): Money {
    return this.money(this.written.collateralValue);
  }

  get buffer(): Money {
    return this.money(this.written.buffer);
  }

  get excess(): Money {
    return this.money(this.written.excess);
  }

  get bufferRatio(): Decimal | null {
    return decimalOf(this.written.bufferRatio);
  }

  get leverage(): Decimal | null {
    return decimalOf(this.written.leverage);
  }

  get equityComponents(): AccountResult['equityComponents'] {
    return this.explain().equityComponents;
  }

  private money(digits: string | null): Money {
    if (digits === null) throw new Error('an account of whole cents has every figure');
    return { amount: new Decimal(digits), currency: this.baseCurrency };
  }
}

function decimalOf(digits: string | null): Decimal | null {
  return digits === null ? null : new Decimal(digits);
}
