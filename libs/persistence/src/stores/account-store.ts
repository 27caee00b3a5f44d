import type { Account, Methodology, Instant } from '@ballast/domain';
import { Injectable } from '@nestjs/common';
import { Database } from '../database';
import { checkPageSize, KeysetCursors, type Page, type PageRequest } from '../keyset-page';
import { newId } from '../new-id';
import { PersistenceError } from '../persistence-error';
import { distinctUuids, toColumns, toTimestamp, uuidList } from '../row-values';
import { isUuid, type TenantScope } from '../tenant';
import {
  type AccountFilter,
  type AccountOrder,
  decodeAfter,
  filterCondition,
  type ListedAccount,
  ListedAccounts,
  listedByCode,
  listedById,
  listParts,
} from './account-list';
import { isShareOf } from './collateral-store';
import { believedAt } from './known-time';

export type { AccountFilter, AccountOrder, ListedAccount } from './account-list';

export interface AccountsUpserted {
  readonly inserted: number;
  readonly updated: number;
  readonly unchanged: number;
  /** The accounts as they stand now, by code. */
  readonly accounts: ReadonlyMap<string, Account>;
}

interface AccountRow {
  readonly account_id: string;
  readonly code: string;
  readonly name: string;
  readonly base_currency: string;
  readonly methodology: Methodology;
}

const accountColumns = 'a.account_id, a.code, a.name, a.base_currency, a.methodology';

/** What moved. */
export interface MovedMarket {
  readonly underlyingIds: readonly string[];
  /** Currencies whose rates moved. */
  readonly currencies?: readonly string[];
}

/** Accounts with pledges that the market prices, also by another name of the share. */
const pledgers = `SELECT c.account_id FROM collateral_holdings c
  WHERE (${isShareOf('c', '$1')}) AND c.price IS NULL AND c.valid @> $2::timestamptz AND ${believedAt('c.known', '$3')}`;

/** Accounts with positions on underlyings, or with pledges that the market prices, also by another name of the share. */
const holders = `SELECT p.account_id FROM positions p
  JOIN instruments i ON i.firm_id = p.firm_id AND i.instrument_id = p.instrument_id
  WHERE i.underlying_id = ANY ($1::text[]) AND p.valid @> $2::timestamptz AND ${believedAt('p.known', '$3')}
  UNION ALL ${pledgers}`;

/** The same for who wants one of them: looked up contract by contract by OFFSET 0, where mostly nobody is found. */
const someHolders = `SELECT p.account_id FROM instruments i CROSS JOIN LATERAL (
    SELECT q.account_id FROM positions q WHERE q.firm_id = i.firm_id AND q.instrument_id = i.instrument_id
      AND q.valid @> $2::timestamptz AND ${believedAt('q.known', '$3')} OFFSET 0) AS p
  WHERE i.underlying_id = ANY ($1::text[])
  UNION ALL ${pledgers}`;

/** Accounts with cash, or with pledges at a stated price, whose currency is converted to their own by rates that moved. */
const converters = ['balances', 'collateral_holdings']
  .map(
    (table) => `SELECT h.account_id FROM ${table} h
      JOIN accounts o ON o.firm_id = h.firm_id AND o.account_id = h.account_id AND o.base_currency <> h.currency
      WHERE (h.currency = ANY ($4::text[]) OR o.base_currency = ANY ($4::text[]))
        AND h.valid @> $2::timestamptz AND ${believedAt('h.known', '$3')}`,
  )
  .join(' UNION ALL ');

/** Margin accounts of a firm. */
@Injectable()
export class AccountStore {
  private readonly listed = new ListedAccounts();

  constructor(private readonly database: Database) {}

  async findById(scope: TenantScope, id: string): Promise<Account | null> {
    return (await this.findByIds(scope, [id])).get(id) ?? null;
  }

  /** Finds many at once, by id; an unknown id is absent, and so is an id of another firm. */
  async findByIds(scope: TenantScope, ids: readonly string[]): Promise<Map<string, Account>> {
    const known = distinctUuids(ids);
    if (known.length === 0) return new Map();
    const sql = `SELECT ${accountColumns} FROM accounts a WHERE a.account_id = ANY ($1::uuid[])`;
    const rows = await this.database.withTenant(scope, (tx) =>
      tx.rows<AccountRow>(sql, [uuidList(known)], 'accounts-by-id'),
    );
    return new Map(rows.map((row) => [row.account_id, toAccount(row)]));
  }

  async findByCode(scope: TenantScope, code: string): Promise<Account | null> {
    return (await this.findByCodes(scope, [code])).get(code) ?? null;
  }

  /** Finds many at once, by code; an unknown code is absent. */
  async findByCodes(scope: TenantScope, codes: readonly string[]): Promise<Map<string, Account>> {
    const sql = `SELECT ${accountColumns} FROM accounts a WHERE a.code = ANY ($1::text[])`;
    const rows = await this.database.withTenant(scope, (tx) =>
      tx.rows<AccountRow>(sql, [[...codes]], 'accounts-by-code'),
    );
    return new Map(rows.map((row) => [row.code, toAccount(row)]));
  }

  /** How many accounts have which base currency: the most frequent first, equal ones by code. */
  async countBaseCurrencies(
    scope: TenantScope,
  ): Promise<readonly { readonly currency: string; readonly count: number }[]> {
    const sql = `SELECT a.base_currency AS currency, count(*)::integer AS count FROM accounts a
      GROUP BY a.base_currency ORDER BY count(*) DESC, a.base_currency`;
    return this.database.withTenant(scope, (tx) => tx.rows<{ currency: string; count: number }>(sql));
  }

  /** Finds accounts by id and others by code, for showing; unknown ones are absent. */
  async findListed(
    scope: TenantScope,
    names: { readonly ids: readonly string[]; readonly codes: readonly string[] },
  ): Promise<readonly ListedAccount[]> {
    const ids = names.ids.filter(isUuid);
    const rows = await this.database.withTenant(scope, async (tx) => [
      ...(ids.length === 0 ? [] : await tx.texts(listedById, [ids], 'listed-accounts-by-id')),
      ...(names.codes.length === 0 ? [] : await tx.texts(listedByCode, [names.codes], 'listed-accounts-by-code')),
    ]);
    return rows.map(([text]) => this.listed.row(text as string).account);
  }

  /** All accounts in order of their code, for a run over the firm. */
  async findAll(scope: TenantScope): Promise<Account[]> {
    const sql = `SELECT ${accountColumns} FROM accounts a ORDER BY a.code`;
    return (await this.database.withTenant(scope, (tx) => tx.rows<AccountRow>(sql))).map(toAccount);
  }

  /**
   * A stretch of the accounts that a run has results of, in order of their codes.
   *
   * @param stretch.first       accounts at most, ≥ 1
   * @param stretch.after       code after which the stretch begins; null for the first one
   * @param stretch.accountIds  only these accounts; all of the run when absent
   */
  async findEvaluated(
    scope: TenantScope,
    run: { readonly id: string; readonly asOf: Instant },
    stretch: {
      readonly first: number;
      readonly after: string | null;
      readonly accountIds?: readonly string[] | undefined;
    },
  ): Promise<Account[]> {
    // By OFFSET 0 each account is looked up by its key, in order of the codes, until there are enough.
    const sql = `SELECT ${accountColumns} FROM accounts a
      WHERE ($3::text IS NULL OR a.code > $3) AND ($4::uuid[] IS NULL OR a.account_id = ANY ($4))
        AND EXISTS (SELECT FROM requirements r
          WHERE r.firm_id = a.firm_id AND r.account_id = a.account_id AND r.as_of = $2 AND r.run_id = $1 OFFSET 0)
      ORDER BY a.code LIMIT $5`;
    const { first, after, accountIds = null } = stretch;
    const parameters = [run.id, toTimestamp(run.asOf), after, accountIds, first];
    return (await this.database.withTenant(scope, (tx) => tx.rows<AccountRow>(sql, parameters))).map(toAccount);
  }

  /**
   * Accounts that hold or have pledged shares of any of these underlyings or contracts on them, or cash or pledges to be
   * converted from or to any of these currencies, in order of their code: whom a move of their prices and rates concerns.
   *
   * @param among  only these accounts are looked at; all of the firm when absent
   */
  async findHolders(
    scope: TenantScope,
    moved: MovedMarket,
    at: { readonly validAt: Instant; readonly knownAt: Instant },
    among?: readonly string[],
  ): Promise<Account[]> {
    const { from, parameters } = holdersOf(moved, at);
    const limit = among === undefined ? '' : `a.account_id = ANY ($${parameters.length + 1}::uuid[]) AND`;
    const sql = `SELECT ${accountColumns} FROM accounts a WHERE ${limit} a.account_id IN (${from}) ORDER BY a.code`;
    const all = among === undefined ? parameters : [...parameters, among];
    const rows = await this.database.withTenant(scope, (tx) => tx.rows<AccountRow>(sql, all));
    return rows.map(toAccount);
  }

  /** Whether any account would be found by `findHolders`. */
  async hasHolders(
    scope: TenantScope,
    moved: MovedMarket,
    at: { readonly validAt: Instant; readonly knownAt: Instant },
  ): Promise<boolean> {
    const { from, parameters } = holdersOf(moved, at, someHolders);
    const rows = await this.database.withTenant(scope, (tx) => tx.rows(`${from} LIMIT 1`, parameters));
    return rows.length > 0;
  }

  /** One page; accounts without a ratio come last in both directions, and the id breaks ties. */
  async findPage(
    scope: TenantScope,
    request: PageRequest & { readonly filter?: AccountFilter; readonly orderBy: AccountOrder },
  ): Promise<Page<ListedAccount>> {
    const first = checkPageSize(request.first);
    const { orderBy, filter = {} } = request;
    const cursors = new KeysetCursors({ list: 'accounts', firmId: scope.firmId, orderBy, filter });
    const after = request.after == null ? null : decodeAfter(cursors, orderBy, request.after);
    const rows = await this.database.withTenant(scope, (tx) =>
      this.listed.read(tx, listParts(orderBy, filter, after), first + 1),
    );
    return this.listed.page(rows, cursors, { first, orderBy });
  }

  async count(scope: TenantScope, filter: AccountFilter = {}): Promise<number> {
    const { terms, parameters } = filterCondition(filter);
    const sql = `
      SELECT count(*)::integer AS count
      FROM accounts a LEFT JOIN latest_buffers b ON b.firm_id = a.firm_id AND b.account_id = a.account_id
      WHERE ${[...terms, 'true'].join(' AND ')}`;
    const [row] = await this.database.withTenant(scope, (tx) => tx.rows<{ count: number }>(sql, parameters));
    return row?.count ?? 0;
  }

  /**
   * Adds accounts by code and takes over changed names and methodologies.
   *
   * @throws PersistenceError 'CONFLICT' when a base currency would change: history is stated in it
   */
  async upsertMany(
    scope: TenantScope,
    accounts: readonly (Omit<Account, 'id'> & { readonly id?: string })[],
  ): Promise<AccountsUpserted> {
    return this.database.withTenant(scope, async (tx) => {
      const before = await this.findByCodes(
        tx,
        accounts.map((account) => account.code),
      );
      for (const account of accounts) {
        const known = before.get(account.code);
        if (known !== undefined && known.baseCurrency !== account.baseCurrency) {
          const change = `from ${known.baseCurrency} to ${account.baseCurrency}`;
          throw new PersistenceError('CONFLICT', `account ${account.code}: the base currency cannot change ${change}`);
        }
      }
      const columns = toColumns(
        accounts.map((account) => [
          before.get(account.code)?.id ?? account.id ?? newId(),
          account.code,
          account.name,
          account.baseCurrency,
          account.methodology,
        ]),
        5,
      );
      const touched = await tx.rows<{ inserted: boolean }>(
        `INSERT INTO accounts AS a (firm_id, account_id, code, name, base_currency, methodology)
         SELECT $1, * FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[])
         ON CONFLICT ON CONSTRAINT accounts_code_unique DO UPDATE SET name = excluded.name, methodology = excluded.methodology
         WHERE (a.name, a.methodology) IS DISTINCT FROM (excluded.name, excluded.methodology)
         RETURNING (xmax = 0) AS inserted`,
        [tx.firmId, ...columns],
      );
      const inserted = touched.filter((row) => row.inserted).length;
      return {
        inserted,
        updated: touched.length - inserted,
        unchanged: accounts.length - touched.length,
        accounts: await this.findByCodes(
          tx,
          accounts.map((account) => account.code),
        ),
      };
    });
  }
}

/** The statement that finds holders; balances are read only where rates moved. */
function holdersOf(
  { underlyingIds, currencies = [] }: MovedMarket,
  { validAt, knownAt }: { readonly validAt: Instant; readonly knownAt: Instant },
  found = holders,
): { readonly from: string; readonly parameters: readonly unknown[] } {
  const parameters = [[...underlyingIds], toTimestamp(validAt), toTimestamp(knownAt)];
  if (currencies.length === 0) return { from: found, parameters };
  return { from: `${found} UNION ALL ${converters}`, parameters: [...parameters, [...currencies]] };
}

function toAccount(row: AccountRow): Account {
  return {
    id: row.account_id,
    code: row.code,
    name: row.name,
    baseCurrency: row.base_currency,
    methodology: row.methodology,
  };
}
