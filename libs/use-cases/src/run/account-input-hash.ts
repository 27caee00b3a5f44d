import type { BufferPolicy, BufferStatus } from '@ballast/buffer';
import {
  type Account,
  canonicalInstrument,
  canonicalJson,
  type CashBalance,
  type HaircutSchedule,
  type Instant,
  type Instrument,
} from '@ballast/domain';
import { textHash } from '@ballast/persistence';
import type { AccountGuard } from './account-guard';
import type { AccountHoldings } from './account-holdings';

/** What an account is evaluated from, its positions already written. */
export interface AccountInput {
  readonly account: Account;
  readonly holdings: Pick<AccountHoldings, 'cash' | 'collateral'>;
  /** Positions as canonical JSON, one after the other with commas between. */
  readonly positions: string;
  /** Hashes of the contracts' terms likewise, in the order of the positions. */
  readonly terms: string;
  /** Futures of the firm, held or not. */
  readonly listedFutures: readonly Instrument[];
  /** Haircut schedules in force, by name. */
  readonly schedules: ReadonlyMap<string, HaircutSchedule>;
  readonly asOf: Instant;
  readonly policy: BufferPolicy;
  /** Status of the last determinate observation before this run: decides hysteresis. */
  readonly previousStatus: BufferStatus | undefined;
  /** The account's margin call was due before this run and not met; no when absent. */
  readonly callOverdue?: boolean | undefined;
  /** Ratchet and release gate; absent: the figures are taken as they are computed (what-if, impact). */
  readonly guard?: AccountGuard | undefined;
}

/**
 * SHA-256 of everything an account was evaluated from, as canonical JSON: account, holdings, terms of the contracts held
 * and of the futures listed, haircut schedules, time, policy, status before, and what is wrong with the data.
 */
export function hashAccountInput(input: AccountInput): string {
  return textHash(accountInputText(input));
}

/** What hashAccountInput hashes. */
export function accountInputText(input: AccountInput): string {
  const { before, between, after } = frameAccountInput(input);
  return before + input.positions + between + input.terms + after;
}

/**
 * What hashAccountInput writes before the positions, between them and the terms, and after the terms.
 *
 * Members stand in order of their name, as canonicalJson would put them; what many accounts share is written once.
 */
export function frameAccountInput(input: Omit<AccountInput, 'positions' | 'terms'>): {
  readonly before: string;
  readonly between: string;
  readonly after: string;
} {
  const { account, holdings, guard, previousStatus } = input;
  const { baseCurrency, code, id, methodology } = account;
  const isPledged = holdings.collateral.length > 0;
  const schedules = isPledged ? canonicalJson(schedulesOf(input)) : '[]';
  const collateral = isPledged ? canonicalJson(holdings.collateral) : '[]';
  const overdue = input.callOverdue === true ? ',"callOverdue":true' : '';
  const trust =
    guard === undefined || guard.trust.findings.length === 0 ? '' : `,"trust":${canonicalJson(guard.trust)}`;
  const status = previousStatus === undefined ? 'null' : `"${previousStatus}"`;
  const subject = `{"baseCurrency":"${baseCurrency}","code":${JSON.stringify(code)},"id":"${id}","methodology":"${methodology}"}`;
  const cash = holdings.cash.map(cashText).join(',');
  return {
    before: `{"account":${subject},"asOf":${input.asOf}${overdue},"futures":${futuresText(input.listedFutures)},"holdings":{"cash":[${cash}],"collateral":${collateral},"positions":[`,
    between: `]},"policy":${policyText(input.policy)},"previousStatus":${status},"schedules":${schedules},"terms":[`,
    after: `]${trust}}`,
  };
}

function cashText({ amount, currency }: CashBalance): string {
  return `{"amount":"${amount.toFixed()}","currency":${JSON.stringify(currency)}}`;
}

function schedulesOf({ holdings, schedules }: Pick<AccountInput, 'holdings' | 'schedules'>) {
  return [...new Set(holdings.collateral.map(({ schedule }) => schedule))]
    .sort()
    .map((name): HaircutSchedule | undefined => schedules.get(name));
}

/** One position as canonical JSON. @param quantity  plain digits, and likewise the average price where there is one */
export function positionText(instrumentId: string, quantity: string, averagePrice?: string): string {
  const price = averagePrice === undefined ? '' : `"averagePrice":"${averagePrice}",`;
  return `{${price}"instrumentId":${JSON.stringify(instrumentId)},"quantity":"${quantity}"}`;
}

/** Terms never change, and a run meets the same contract in many accounts: hashed once per object. */
const textByInstrument = new WeakMap<Instrument, string>();

/** Hash of a contract's terms as JSON; null where the contract is not known. */
export function termsText(instrument: Instrument | undefined): string {
  if (instrument === undefined) return 'null';
  const known = textByInstrument.get(instrument);
  if (known !== undefined) return known;
  const text = `"${textHash(canonicalInstrument(instrument))}"`;
  textByInstrument.set(instrument, text);
  return text;
}

const textByFutures = new WeakMap<readonly Instrument[], string>();

/** Terms of the futures listed as they stand in what is hashed. */
export function futuresText(futures: readonly Instrument[]): string {
  const known = textByFutures.get(futures);
  if (known !== undefined) return known;
  const text = `[${futures.map(termsText).join(',')}]`;
  textByFutures.set(futures, text);
  return text;
}

const textByPolicy = new WeakMap<BufferPolicy, string>();

/** A policy as it stands in what is hashed. */
export function policyText(policy: BufferPolicy): string {
  const known = textByPolicy.get(policy);
  if (known !== undefined) return known;
  const text = canonicalJson(policy);
  textByPolicy.set(policy, text);
  return text;
}
