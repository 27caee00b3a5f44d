import { createHash } from 'node:crypto';

/** One link of a firm's chain: the rows that one statement wrote or closed in one table (and month). */
export interface HistoryLink {
  readonly firmId: string;
  /** Counts up from 1 without gaps, in order of commit. */
  readonly sequence: number;
  readonly table: string;
  readonly part: 'INSERT' | 'CLOSE';
  readonly batch: string;
  /** Start of the partition [s since 1970]; null for an unpartitioned table. */
  readonly month: number | null;
  readonly rowCount: number;
  /** SHA-256 over the row hashes in order of the key. */
  readonly rowsHash: string;
  /** [ms since 1970] */
  readonly recordedAt: number;
  readonly previousHash: string;
  readonly hash: string;
}

/** What the first link of a firm follows: SHA-256 of `ballast history <firm id>`. */
export function genesisHash(firmId: string): string {
  return createHash('sha256').update(`ballast history ${firmId}`).digest('hex');
}

/** SHA-256 over previous hash (32 bytes), header, rows hash (32 bytes); what the stored hash of a link has to be. */
export function linkHash(link: Omit<HistoryLink, 'hash'>): string {
  const { firmId, sequence, table, part, batch, month, rowCount, recordedAt } = link;
  const header = [firmId, sequence, table, part, batch, month ?? '-', rowCount, recordedAt].join('|');
  return createHash('sha256')
    .update(Buffer.from(link.previousHash, 'hex'))
    .update(header)
    .update(Buffer.from(link.rowsHash, 'hex'))
    .digest('hex');
}

/** The newest link of a firm, to be kept where the database cannot reach it. */
export interface HistoryHead {
  readonly firmId: string;
  readonly firmCode: string;
  readonly sequence: number;
  readonly hash: string;
  /** When the link was recorded, RFC 3339. */
  readonly recordedAt: string;
}
