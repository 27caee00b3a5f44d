import { createHash } from 'node:crypto';
import { Decimal, type Instrument, parseInstant } from '@ballast/domain';
import { AccountStore, FirmStore, InstrumentStore } from '@ballast/persistence';
import { from as copyFrom } from 'pg-copy-streams';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type TestDatabase, withClient } from './postgres';

/** A made-up book: every account holds the same number of positions, drawn from all contracts by the row number. */
export interface BulkBook {
  readonly accounts: number;
  readonly instruments: number;
  readonly positionsPerAccount: number;
}

const expiry = parseInstant('2027-12-17T21:00:00Z', 'expiry');
export const bulkValidFrom = parseInstant('2026-11-20T21:00:00Z', 'validFrom');

const accountCode = (index: number): string => `C${String(index).padStart(7, '0')}`;
const contractId = (index: number): string => `XYZ-271217-C-${String(index).padStart(6, '0')}`;
/** Every account gets a run of neighbouring contracts, another one for each account. */
const contractOf = (book: BulkBook, account: number, index: number): number =>
  (account * 7_919 + index) % book.instruments;
const quantityOf = (account: number, index: number): number => ((account * 31 + index * 17) % 199) - 99 || 100;

/** Makes a firm with the accounts and contracts of a book. */
export async function fillBulkFirm({ database }: TestDatabase, code: string, book: BulkBook): Promise<string> {
  const { id: firmId } = await new FirmStore(database).create({ code, name: code });
  const instruments = new InstrumentStore(database);
  await instruments.upsertUnderlyings({ firmId }, [{ id: 'XYZ', kind: 'equity', currency: 'USD' }]);
  for (let start = 0; start < book.instruments; start += 20_000) {
    const count = Math.min(20_000, book.instruments - start);
    await instruments.upsertMany(
      { firmId },
      Array.from({ length: count }, (_, index) => contract(start + index)),
    );
  }
  const accounts = new AccountStore(database);
  const made = Array.from({ length: book.accounts }, (_, index) => ({
    code: accountCode(index),
    name: `Client ${index}`,
    baseCurrency: 'USD',
    methodology: 'SPAN' as const,
  }));
  await accounts.upsertMany({ firmId }, made);
  return firmId;
}

function contract(index: number): Instrument {
  return {
    id: contractId(index),
    type: 'option',
    underlying: 'XYZ',
    right: 'call',
    strike: new Decimal(index + 1),
    expiry,
    exercise: 'european',
    multiplier: new Decimal(100),
    currency: 'USD',
    settlement: 'linear',
    premiumStyle: 'equity',
  };
}

/** The positions file of a book in pieces of some 64 kB. */
export async function* bulkChunks(book: BulkBook): AsyncGenerator<Uint8Array> {
  let text = 'account,instrument,quantity,averagePrice\n';
  for (let account = 0; account < book.accounts; account += 1) {
    for (let index = 0; index < book.positionsPerAccount; index += 1) {
      const quantity = quantityOf(account, index);
      text += `${accountCode(account)},${contractId(contractOf(book, account, index))},${quantity},${index + 1}.25\n`;
      if (text.length > 65_536) {
        yield Buffer.from(text);
        text = '';
      }
    }
  }
  if (text !== '') yield Buffer.from(text);
}

/** What the file of a book adds up to. */
export function bulkTotals(book: BulkBook): { readonly rows: number; readonly quantity: number } {
  let quantity = 0;
  for (let account = 0; account < book.accounts; account += 1) {
    for (let index = 0; index < book.positionsPerAccount; index += 1) quantity += quantityOf(account, index);
  }
  return { rows: book.accounts * book.positionsPerAccount, quantity };
}

/** SHA-256 of chunks. */
export async function hashChunks(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of chunks) hash.update(chunk);
  return hash.digest('hex');
}

/** Copies the same bytes into a table without keys, log or row level security: what the server can take at most. */
export async function rawCopy(db: TestDatabase, chunks: AsyncIterable<Uint8Array>): Promise<{ readonly rows: number }> {
  return withClient(db.ownerUrl, async (client) => {
    await client.query(
      'CREATE UNLOGGED TABLE IF NOT EXISTS raw_copy (account text, instrument text, quantity numeric, average_price numeric)',
    );
    try {
      const copy = client.query(copyFrom('COPY raw_copy FROM STDIN (FORMAT csv, HEADER)'));
      await pipeline(Readable.from(chunks), copy);
      return { rows: copy.rowCount };
    } finally {
      await client.query('DROP TABLE raw_copy');
    }
  });
}
