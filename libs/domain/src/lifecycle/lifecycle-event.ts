import type { Decimal } from '../decimal';
import type { Instant } from '../instant';
import type { CorporateAction } from './contract-adjustment';

/** Kinds of events in the life of contracts. */
export const lifecycleEventTypes = [
  'expiry',
  'exercise',
  'assignment',
  'lapse',
  'daily-settlement',
  'dividend',
  'split',
  'special-dividend',
  'symbol-change',
  'merger',
  'reversal',
] as const;
export type LifecycleEventType = (typeof lifecycleEventTypes)[number];

interface EventBase {
  /** Chosen by the sender; the same event is applied once. */
  readonly id: string;
  /** Since when its consequences hold. */
  readonly effectiveAt: Instant;
}

/** A series reaches its end: every holding of it is settled, delivered or lapses. */
export interface ExpiryEvent extends EventBase {
  readonly type: 'expiry';
  readonly instrumentId: string;
  /** Settlement price of the underlying. */
  readonly price: Decimal;
}

/** A holder exercises, a writer is assigned, or contracts in the money are let lapse. */
export interface ExerciseEvent extends EventBase {
  readonly type: 'exercise' | 'assignment' | 'lapse';
  readonly instrumentId: string;
  /** Contracts > 0. */
  readonly quantity: Decimal;
  /** Whose; an assignment without one falls on all shorts pro rata. */
  readonly accountCode?: string;
  /** Settlement price of the underlying; needed where contracts settle in cash. */
  readonly price?: Decimal;
}

/** Marked-to-market contracts are settled to a price. */
export interface DailySettlementEvent extends EventBase {
  readonly type: 'daily-settlement';
  readonly instrumentId: string;
  readonly price: Decimal;
}

/** Cash per share to who held it before `effectiveAt`. */
export interface DividendEvent extends EventBase {
  readonly type: 'dividend';
  readonly underlying: string;
  readonly amount: Decimal;
}

export interface CorporateActionEvent extends EventBase {
  readonly type: 'split' | 'special-dividend' | 'symbol-change' | 'merger';
  readonly underlying: string;
  readonly action: CorporateAction;
  readonly cashInLieuPrice?: Decimal;
}

/** Takes back everything that an earlier event did. */
export interface ReversalEvent extends EventBase {
  readonly type: 'reversal';
  readonly reversedEventId: string;
}

export type LifecycleEvent =
  ExpiryEvent | ExerciseEvent | DailySettlementEvent | DividendEvent | CorporateActionEvent | ReversalEvent;
