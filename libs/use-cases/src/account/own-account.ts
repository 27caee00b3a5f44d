import { findPrice, type OwnAccount, type OwnCollateral, type OwnPosition } from '@ballast/buffer';
import type { Account, CollateralPosition, Decimal, Instrument, MarketSnapshot, Position } from '@ballast/domain';
import type { RequirementDetail, StoredRequirement } from '@ballast/persistence';
import { portfolioOfHoldings } from '../run/evaluate-account';
import { holdingsOf, type RunInputs } from '../run/run-inputs';

/** What a run knew of one account. */
export interface RecordedAccount {
  readonly account: Account;
  readonly inputs: RunInputs;
  readonly snapshot: MarketSnapshot;
  readonly stored: StoredRequirement;
  readonly detail: RequirementDetail | undefined;
}

/** Puts what a run held and found for an account into the form that a statement is compared with. */
export function ownAccountOf(recorded: RecordedAccount): OwnAccount {
  const { account, inputs, stored, detail } = recorded;
  const positions = (inputs.positions.get(account.id) ?? []).flatMap((position) => ownPositionOf(recorded, position));
  const lines = new Map((detail?.collateral ?? []).map((line) => [line.asset, line]));
  const collateral = (inputs.collateral.get(account.id) ?? []).map((holding): OwnCollateral => {
    const line = lines.get(holding.asset);
    const currency = line?.currency ?? holding.currency ?? null;
    const price = line?.price ?? holding.price ?? null;
    return { asset: holding.asset, quantity: holding.quantity, price, currency, value: line?.netValue.amount ?? null };
  });
  return {
    accountCode: account.code,
    baseCurrency: account.baseCurrency,
    positions,
    cash: inputs.balances.get(account.id) ?? [],
    collateral,
    quality: stored.quality,
    qualityReasons: stored.qualityReasons,
    initialRequirement: stored.initialRequirement,
    maintenanceRequirement: stored.maintenanceRequirement,
    equity: stored.equity,
    collateralValue: stored.collateralValue,
  };
}

/** Tells whether an account holds nothing at all, so that nobody expects a statement of it. */
export function isEmptyAccount(account: OwnAccount): boolean {
  const amounts = [...account.positions.map(({ quantity }) => quantity), ...account.cash.map(({ amount }) => amount)];
  return account.collateral.length === 0 && amounts.every((amount) => amount.isZero());
}

function ownPositionOf(recorded: RecordedAccount, { instrumentId, quantity }: Position): OwnPosition[] {
  const instrument = recorded.inputs.instruments.get(instrumentId);
  if (instrument === undefined) return [];
  const quote = recorded.snapshot.instruments.get(instrumentId) ?? null;
  return [{ instrument, quantity, price: priceOf(recorded, instrument), quote }];
}

/** A contract is in many accounts: its model price is found once per market and base currency. */
const prices = new WeakMap<MarketSnapshot, Map<string, Decimal | null>>();

function priceOf({ account, inputs, snapshot, stored }: RecordedAccount, instrument: Instrument): Decimal | null {
  const known = prices.get(snapshot) ?? new Map<string, Decimal | null>();
  prices.set(snapshot, known);
  const key = `${account.baseCurrency} ${instrument.id}`;
  const found = known.get(key);
  if (found !== undefined) return found;
  const holdings = { ...holdingsOf(inputs, account.id), positions: [], collateral: [] as CollateralPosition[] };
  const portfolio = portfolioOfHoldings({ account, holdings, snapshot, asOf: stored.asOf, ...inputs });
  const price = findPrice(instrument, { portfolio, snapshot }).amount;
  known.set(key, price);
  return price;
}
