import { createReadStream, existsSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { PersistenceError } from '../persistence-error';
import type { PersistenceOptions } from '../persistence-options';
import type { HistoryHead } from './history-link';

/** Where heads are kept: HISTORY_HEAD_FILE, or `history-heads.ndjson` in DATA_DIR. */
export function historyHeadFile({
  historyHeadFile: file,
  dataDir,
}: Pick<PersistenceOptions, 'historyHeadFile' | 'dataDir'>): string {
  return file ?? path.join(dataDir, 'history-heads.ndjson');
}

/**
 * Appends heads, one JSON object per line. Lines are only ever added, so the file itself shows how the chain grew.
 *
 * @returns false when its folder does not exist; a folder is never made, because a head in a surprising place protects nobody
 */
export async function appendHistoryHeads(file: string, heads: readonly HistoryHead[]): Promise<boolean> {
  if (!existsSync(path.dirname(file))) return false;
  if (heads.length > 0) await appendFile(file, heads.map((head) => `${JSON.stringify(head)}\n`).join(''));
  return true;
}

/**
 * Reads the heads of a firm, oldest first; none when the file does not exist.
 *
 * @throws PersistenceError 'VALUE_REFUSED' naming file and line that is no head; a last line without its end is left out,
 *         because a process may have died while writing it
 */
export async function readHistoryHeads(file: string, firmId: string): Promise<HistoryHead[]> {
  if (!existsSync(file)) return [];
  const heads: HistoryHead[] = [];
  let number = 0;
  let bad: number | null = null;
  for await (const line of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
    number += 1;
    if (bad !== null) throw new PersistenceError('VALUE_REFUSED', `${file}:${bad}: not a head of a history chain`);
    const head = parseHead(line);
    if (head === null) bad = number;
    else if (head.firmId === firmId) heads.push(head);
  }
  return heads;
}

function parseHead(line: string): HistoryHead | null {
  try {
    const head = JSON.parse(line) as Partial<HistoryHead> | null;
    const sound =
      typeof head?.firmId === 'string' &&
      Number.isSafeInteger(head.sequence) &&
      /^[0-9a-f]{64}$/.test(String(head.hash));
    return sound ? (head as HistoryHead) : null;
  } catch {
    return null;
  }
}
