import {
  type AccountChange,
  allocateAssignment,
  type CorporateActionEvent,
  corporateActionChange,
  dailySettlementChange,
  type DailySettlementEvent,
  Decimal,
  deliveryOf,
  type DividendEvent,
  dividendChange,
  type ExerciseEvent,
  type ExpiryEvent,
  type Holding,
  HoldingBook,
  type Instant,
  type Instrument,
  instantOf,
  isExercisedByException,
  isMarkedToMarket,
  settleContracts,
  type SettlementTerms,
} from '@ballast/domain';
import type { TenantTransaction } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';
import { LifecycleBook, type LifecycleReferences } from './lifecycle-book';
import { UseCaseError } from '../caller/use-case-error';

/** What an event does, by account; accounts that it leaves alone are absent. */
export type LifecycleChanges = ReadonlyMap<string, AccountChange>;

/** Finds out what an event does to the accounts of a firm, as their holdings are believed now. */
@Injectable()
export class LifecycleChangePlanner {
  constructor(private readonly book: LifecycleBook) {}

  /** @throws UseCaseError, DomainError for an event that cannot be applied to what is held */
  async plan(
    tx: TenantTransaction,
    event: ExpiryEvent | ExerciseEvent | DailySettlementEvent | DividendEvent | CorporateActionEvent,
  ): Promise<LifecycleChanges> {
    switch (event.type) {
      case 'expiry':
        return this.planExpiry(tx, event);
      case 'daily-settlement': {
        const instrument = await this.book.instrument(tx, event.instrumentId);
        const held = await this.holdersOf(tx, [instrument.id], event.effectiveAt);
        return eachHolder(held, (holdings) => dailySettlementChange({ holdings, instrument, price: event.price }));
      }
      case 'dividend':
        return this.planDividend(tx, event);
      case 'exercise':
      case 'assignment':
      case 'lapse':
        return this.planExercise(tx, event);
      default:
        return this.planCorporateAction(tx, event);
    }
  }

  private async planExpiry(tx: TenantTransaction, event: ExpiryEvent): Promise<LifecycleChanges> {
    const instrument = await this.book.instrument(tx, event.instrumentId);
    if (!('expiry' in instrument)) refuse(`${instrument.id} never expires`, 'instrument');
    if (event.effectiveAt < (instrument as { expiry: Instant }).expiry) {
      refuse(`${instrument.id} expires later than the event takes effect`, 'effectiveAt');
    }
    const references = await this.book.references(tx, [instrument]);
    const terms = settlementTerms(instrument, references, event.price);
    const exercised =
      instrument.type === 'future' || (instrument.type === 'option' && isExercisedByException(instrument, terms));
    const held = await this.holdersOf(tx, [instrument.id], event.effectiveAt);
    return eachHolder(held, (holdings) => {
      const holding = holdingIn(holdings, instrument.id);
      const book = new HoldingBook(holdings);
      settleContracts(book, { ...holding, exercised, terms });
      return book.changes();
    });
  }

  private async planExercise(tx: TenantTransaction, event: ExerciseEvent): Promise<LifecycleChanges> {
    const instrument = await this.book.instrument(tx, event.instrumentId);
    checkExercise(event, instrument);
    const references = await this.book.references(tx, [instrument]);
    const terms = settlementTerms(instrument, references, exercisePrice(event, instrument, references));
    const portions = await this.portionsOf(tx, event);
    const held = await this.book.holdingsOf(tx, [...portions.keys()], event.effectiveAt);
    return new Map(
      [...portions].map(([accountId, quantity]) => {
        const holdings = held.get(accountId) ?? [];
        const { averagePrice } = holdingIn(holdings, instrument.id);
        const book = new HoldingBook(holdings);
        const average = averagePrice === undefined ? {} : { averagePrice };
        settleContracts(book, { instrument, quantity, ...average, exercised: event.type !== 'lapse', terms });
        return [accountId, book.changes()];
      }),
    );
  }

  /** Whose contracts, with the sign of the holding. */
  private async portionsOf(tx: TenantTransaction, event: ExerciseEvent): Promise<Map<string, Decimal>> {
    const { accountCode, instrumentId, quantity, type } = event;
    if (accountCode === undefined) return this.allocate(tx, event);
    const account = await this.book.account(tx, accountCode);
    const holdings = (await this.book.holdingsOf(tx, [account.id], event.effectiveAt)).get(account.id) ?? [];
    const held = holdings.find(({ instrument }) => instrument.id === instrumentId)?.quantity ?? new Decimal(0);
    const isSide = type === 'lapse' ? true : type === 'exercise' ? held.greaterThan(0) : held.lessThan(0);
    if (!isSide || held.abs().lessThan(quantity)) {
      const what = type === 'exercise' ? 'long' : type === 'assignment' ? 'short' : 'held';
      refuse(
        `account ${accountCode}: ${quantity.toFixed()} of ${instrumentId} are not ${what} (held: ${held.toFixed()})`,
        'quantity',
      );
    }
    return new Map([[account.id, held.isNegative() ? quantity.negated() : quantity]]);
  }

  private async allocate(tx: TenantTransaction, event: ExerciseEvent): Promise<Map<string, Decimal>> {
    const held = await this.holdersOf(tx, [event.instrumentId], event.effectiveAt);
    const accounts = await this.book.accounts.findByIds(tx, [...held.keys()]);
    const idByCode = new Map([...accounts].map(([id, { code }]) => [code, id]));
    const shorts = [...held].flatMap(([accountId, holdings]) => {
      const { quantity } = holdingIn(holdings, event.instrumentId);
      const code = accounts.get(accountId)?.code ?? accountId;
      return quantity.isNegative() ? [{ key: code, quantity: quantity.negated() }] : [];
    });
    const shares = allocateAssignment({ assigned: event.quantity, shorts });
    return new Map(shares.map(({ key, quantity }) => [idByCode.get(key) as string, quantity.negated()]));
  }

  private async planDividend(tx: TenantTransaction, event: DividendEvent): Promise<LifecycleChanges> {
    const { underlying, amount } = event;
    await this.book.references(tx, [{ underlying } as Instrument]);
    // Who bought on the day itself bought without the dividend.
    const eve = before(event.effectiveAt);
    const held = await this.holdersOfUnderlying(tx, underlying, eve);
    const { pledgeable, entitled, pledged } = await this.pledgesAround(tx, underlying, event.effectiveAt);
    return eachAccount(everyone([held, entitled, pledged]), (accountId) =>
      dividendChange({
        ...{ holdings: held.get(accountId) ?? [], underlying, amount, pledgeable },
        ...{ entitled: entitled.get(accountId) ?? [], pledged: pledged.get(accountId) ?? [] },
      }),
    );
  }

  private async planCorporateAction(tx: TenantTransaction, event: CorporateActionEvent): Promise<LifecycleChanges> {
    const { underlying, action, effectiveAt, cashInLieuPrice } = event;
    const held = await this.holdersOfUnderlying(tx, underlying, effectiveAt);
    const entitled = await this.holdersOfUnderlying(tx, underlying, before(effectiveAt));
    const instruments = new Map([...held.values()].flat().map(({ instrument }) => [instrument.id, instrument]));
    const expired = [...instruments.values()].find(
      (contract) => contract.underlying === underlying && 'expiry' in contract && contract.expiry <= effectiveAt,
    );
    if (expired !== undefined)
      refuse(`${expired.id} has expired and is not processed: process expiries first`, 'underlying');
    const { contracts, share } = await this.book.adjustedContracts(tx, event, [...instruments.values()]);
    const pledges = await this.pledgesAround(tx, underlying, effectiveAt);
    return eachAccount(everyone([held, entitled, pledges.entitled, pledges.pledged]), (accountId) =>
      corporateActionChange({
        ...{ underlying, action, pledgeable: pledges.pledgeable },
        holdings: held.get(accountId) ?? [],
        entitled: entitled.get(accountId) ?? [],
        pledged: pledges.pledged.get(accountId) ?? [],
        pledgedBefore: pledges.entitled.get(accountId) ?? [],
        ...(cashInLieuPrice === undefined ? {} : { cashInLieuPrice }),
        shareOf: () => share,
        named: (_, from) => contracts.get(from.id) as Instrument,
      }),
    );
  }

  /** What is pledged when an event takes effect, and just before: who pledged then is entitled to what it pays. */
  private async pledgesAround(tx: TenantTransaction, underlying: string, effectiveAt: Instant) {
    const { pledgeable, pledges: pledged } = await this.book.pledgesOfUnderlying(tx, underlying, effectiveAt);
    const { pledges: entitled } = await this.book.pledgesOfUnderlying(tx, underlying, before(effectiveAt));
    return { pledgeable, pledged, entitled };
  }

  private async holdersOfUnderlying(
    tx: TenantTransaction,
    underlying: string,
    at: Instant,
  ): Promise<Map<string, Holding[]>> {
    const contracts = await this.book.instruments.findByUnderlying(tx, underlying);
    return this.holdersOf(tx, contracts.map(({ id }) => id), at); // prettier-ignore
  }

  private async holdersOf(
    tx: TenantTransaction,
    instrumentIds: readonly string[],
    at: Instant,
  ): Promise<Map<string, Holding[]>> {
    const accountIds = await this.book.holders.findHolders(tx, instrumentIds, at);
    return this.book.holdingsOf(tx, accountIds, at);
  }
}

/** Terms at which a contract is settled, with everything it may deliver. */
export function settlementTerms(
  instrument: Instrument,
  { kinds, shares, components }: LifecycleReferences,
  price: Decimal,
): SettlementTerms {
  const kind = kinds.get(instrument.underlying);
  if (kind === undefined) throw new UseCaseError('NOT_FOUND', `no underlying ${instrument.underlying}`, 'underlying');
  return {
    price,
    kind,
    deliveredInstrument: (contract, componentId) => {
      const found = componentId === undefined ? shares.get(contract.underlying) : components.get(componentId);
      if (found !== undefined) return found;
      throw new UseCaseError(
        'NOT_FOUND',
        `${contract.id} delivers ${componentId ?? contract.underlying}, which is no instrument`,
      );
    },
  };
}

function checkExercise(event: ExerciseEvent, instrument: Instrument): void {
  if (instrument.type !== 'option') {
    throw new UseCaseError('BAD_USER_INPUT', `${instrument.id} is no option`, 'instrument');
  }
  if (event.type === 'lapse') return;
  if (instrument.exercise === 'european' && event.effectiveAt < instrument.expiry) {
    refuse(`${instrument.id} is a European option: it is exercised at its expiry only`, 'effectiveAt');
  }
}

/** A delivery needs no price: what is paid is the strike. */
function exercisePrice(event: ExerciseEvent, instrument: Instrument, { kinds }: LifecycleReferences): Decimal {
  if (event.price !== undefined) return event.price;
  const kind = kinds.get(instrument.underlying);
  const delivers = kind !== undefined && deliveryOf(instrument, kind) === 'physical' && !isMarkedToMarket(instrument);
  if ((event.type === 'lapse' || delivers) && instrument.type === 'option') return instrument.strike;
  return refuse(`${instrument.id} settles in cash: a settlement price is needed`, 'price');
}

function eachHolder(
  held: ReadonlyMap<string, readonly Holding[]>,
  changeOf: (holdings: readonly Holding[]) => AccountChange,
): LifecycleChanges {
  return eachAccount(held.keys(), (accountId) => changeOf(held.get(accountId) ?? []));
}

function eachAccount(accountIds: Iterable<string>, changeOf: (accountId: string) => AccountChange): LifecycleChanges {
  const changes = new Map<string, AccountChange>();
  for (const accountId of accountIds) {
    const change = changeOf(accountId);
    if (isChange(change)) changes.set(accountId, change);
  }
  return changes;
}

/** Accounts that any of the lists names, once each. */
function everyone(lists: readonly ReadonlyMap<string, unknown>[]): ReadonlySet<string> {
  return new Set(lists.flatMap((list) => [...list.keys()]));
}

function isChange({ positions, cash, collateral }: AccountChange): boolean {
  return positions.length > 0 || cash.length > 0 || (collateral ?? []).length > 0;
}

function holdingIn(holdings: readonly Holding[], instrumentId: string): Holding {
  const found = holdings.find(({ instrument }) => instrument.id === instrumentId);
  if (found === undefined) throw new UseCaseError('CONFLICT', `${instrumentId} is not held any more`, 'instrument');
  return found;
}

function before(at: Instant): Instant {
  return instantOf(at - 1);
}

function refuse(reason: string, field: string): never {
  throw new UseCaseError('BAD_USER_INPUT', reason, field);
}
