import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import {
  Decimal,
  type Instant,
  type Instrument,
  type MarketSnapshot,
  parseInstant,
  type QuoteFlag,
} from '@ballast/domain';
import {
  AccountStore,
  BalanceStore,
  FirmStore,
  InstrumentStore,
  MarketSnapshotStore,
  PositionStore,
} from '@ballast/persistence';
import { type Principal } from '@ballast/use-cases';
import { openSigningKey } from '../../apps/api/src/authentication/signing-key';
import { signLocalToken } from '../../apps/api/src/authentication/token';
import { type RunningApi, serve } from '../../apps/api/src/serve';
import { openTestDatabase, type TestDatabase } from './postgres';
import { openRunInputs, openRunMargin } from './run-engine';

export { openRunInputs, openRunMargin };

/** Instants of the three snapshots, a day apart. */
export const closes = ['2026-11-16T21:00:00Z', '2026-11-17T21:00:00Z', '2026-11-18T21:00:00Z'].map((text) =>
  parseInstant(text, 'close'),
) as [Instant, Instant, Instant];

const expiry = parseInstant('2026-12-18T21:00:00Z', 'expiry');

/** What an answer looks like to a client. */
export interface Answer {
  readonly status: number;
  readonly text: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- answers are read by tests that state their shape
  readonly data: any;
  readonly errors: readonly {
    readonly message: string;
    readonly extensions: { readonly code: string; field?: string };
  }[];
}

/** Two firms with accounts, three snapshots and three runs, and the real server over them. */
export interface ApiWorld {
  readonly database: TestDatabase;
  readonly dataDir: string;
  readonly url: string;
  readonly firms: { readonly alpha: string; readonly beta: string };
  /** Account ids by code: A-01 … A-12 of ALPHA, B-01 of BETA. */
  readonly accounts: ReadonlyMap<string, string>;
  readonly token: (
    principal: Omit<Principal, 'subject' | 'firmId'> & { firm?: 'alpha' | 'beta'; subject?: string },
    hours?: number,
  ) => Promise<string>;
  readonly ask: (query: string, variables?: object, token?: string) => Promise<Answer>;
  /** Sends a request as it is. */
  readonly send: (init: RequestInit & { readonly path?: string }) => Promise<Answer>;
  readonly close: () => Promise<void>;
}

/** @param overrides  settings of the service beyond those of the tests */
export async function openApiWorld(overrides: Readonly<Record<string, string>> = {}): Promise<ApiWorld> {
  const database = await openTestDatabase({ poolSize: 6 });
  const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'ballast-api-'));
  const alpha = await fillFirm(database, 'ALPHA', 12);
  const beta = await fillFirm(database, 'BETA', 1);
  const environment = { ...database.environment, DATA_DIR: dataDir, PORT: '0', POOL_MAX: '4', ...overrides };
  const api: RunningApi = await serve({ demo: true, environment, print: () => undefined });
  const key = openSigningKey(dataDir);
  const token: ApiWorld['token'] = ({ firm = 'alpha', ...rest }, hours = 1) =>
    signLocalToken(key, { subject: 'tester', firmId: firm === 'alpha' ? alpha.firmId : beta.firmId, ...rest }, hours);
  const riskToken = await token({ roles: ['risk'] });
  const send: ApiWorld['send'] = async ({ path: where = '/graphql', ...init }) => {
    const response = await fetch(`${api.url}${where}`, init);
    const text = await response.text();
    let body: Partial<Answer> = {};
    try {
      body = JSON.parse(text) as Partial<Answer>;
    } catch {
      // Not every answer is JSON; the text is there to look at.
    }
    return { status: response.status, text, data: body.data, errors: body.errors ?? [] };
  };
  return {
    database,
    dataDir,
    url: api.url,
    firms: { alpha: alpha.firmId, beta: beta.firmId },
    accounts: new Map([...alpha.accounts, ...beta.accounts]),
    token,
    send,
    ask: (query, variables = {}, bearer = riskToken) =>
      send({
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${bearer}` },
        body: JSON.stringify({ query, variables }),
      }),
    close: async () => {
      await api.close();
      await database.close();
      fs.rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

/** Writes a firm with accounts `X-01` … and three snapshots, and evaluates it at the given ones of them. */
export async function fillFirm(
  { database }: TestDatabase,
  code: string,
  accountCount: number,
  evaluated: readonly Instant[] = closes,
): Promise<{ firmId: string; accounts: Map<string, string> }> {
  const firm = await new FirmStore(database).create({ code, name: `${code} Securities` });
  const scope = { firmId: firm.id };
  const instruments = new InstrumentStore(database);
  await instruments.upsertUnderlyings(scope, [{ id: 'XYZ', kind: 'equity', currency: 'USD' }]);
  await instruments.upsertMany(scope, contracts);
  const codes = Array.from({ length: accountCount }, (_, index) => `${code[0]}-${String(index + 1).padStart(2, '0')}`);
  const { accounts } = await new AccountStore(database).upsertMany(
    scope,
    codes.map((each) => ({ code: each, name: `Account ${each}`, baseCurrency: 'USD', methodology: 'SPAN' as const })),
  );
  const ids = new Map(codes.map((each) => [each, accounts.get(each)?.id ?? '']));
  await fillAccounts(database, firm.id, ids);
  const snapshots = new MarketSnapshotStore(database);
  for (const [day, asOf] of closes.entries())
    await snapshots.insert(scope, { snapshot: snapshotAt(asOf, 100 - 4 * day), source: 'test', quality: 'OK' });
  const runMargin = openRunMargin(database);
  for (const asOf of evaluated) await runMargin.execute({ firmId: firm.id, asOf, requestedBy: 'test' });
  return { firmId: firm.id, accounts: ids };
}

/** Account n holds short strangles and n thousand of cash: the first ones are in trouble. The last holds nothing at all. */
async function fillAccounts(
  database: TestDatabase['database'],
  firmId: string,
  ids: ReadonlyMap<string, string>,
): Promise<void> {
  const positions = new PositionStore(database);
  const balances = new BalanceStore(database);
  const validFrom = parseInstant('2026-11-01T00:00:00Z', 'validFrom');
  for (const [index, accountId] of [...ids.values()].entries()) {
    const amount = new Decimal((index + 1) * 1_000);
    const cash = { accountId, currency: 'USD', amount, valueAt: validFrom, reason: 'opening', recordedBy: 'test' };
    await balances.record({ firmId }, cash);
    if (ids.size > 1 && index === ids.size - 1) continue;
    const held = ['XYZ-2612-110-C', 'XYZ-2612-90-P'].map((instrumentId) => ({
      instrumentId,
      quantity: new Decimal(-5),
    }));
    const statement = { accountId, validFrom, mode: 'REPLACE' as const, positions: held, source: 'test' };
    await positions.record({ firmId }, statement);
  }
}

const contracts: readonly Instrument[] = [
  {
    id: 'XYZ',
    type: 'underlying',
    underlying: 'XYZ',
    multiplier: new Decimal(1),
    currency: 'USD',
    settlement: 'linear',
  },
  ...[90, 100, 110].flatMap((strike) => [option(strike, 'call'), option(strike, 'put')]),
];

function option(strike: number, right: 'call' | 'put'): Instrument {
  return {
    id: `XYZ-2612-${strike}-${right === 'call' ? 'C' : 'P'}`,
    type: 'option',
    underlying: 'XYZ',
    multiplier: new Decimal(100),
    currency: 'USD',
    settlement: 'linear',
    right,
    strike: new Decimal(strike),
    expiry,
    exercise: 'european',
    premiumStyle: 'equity',
  };
}

/** The market of the firm at a price of its underlying; quotes of contracts may carry flags. */
export function snapshotAt(asOf: Instant, price: number, flags: readonly QuoteFlag[] = []): MarketSnapshot {
  const state = { underlyingId: 'XYZ', kind: 'equity', currency: 'USD', price: new Decimal(price) } as const;
  return {
    asOf,
    underlyings: new Map([['XYZ', { ...state, rate: 0.04, dividendYield: 0, forwards: [], quotedAt: asOf }]]),
    instruments: new Map(
      contracts.map(({ id, type }) => {
        const mark = type === 'underlying' ? new Decimal(price) : null;
        const impliedVolatility = type === 'option' ? 0.3 : null;
        return [id, { instrumentId: id, bid: null, ask: null, mark, impliedVolatility, quotedAt: asOf, flags }];
      }),
    ),
    fx: [],
  };
}
