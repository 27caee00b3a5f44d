import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import {
  type CommonSpanColumns,
  createCommonSpanColumns,
  denseSpanRoom,
  type DenseSpanBook,
  openDenseSpanBook,
  parseSpanParameters,
  scanDense,
} from '@ballast/margin';
import { batchAsOf, type BatchBook, batchSnapshot, contractOf } from '../support/batch-book';

/** How fast one thread computes, with nothing read or written, in processor time: what a busy machine leaves as it is. */
export interface DenseScanFigures {
  /** Valuing every contract under every scenario [s]. */
  readonly valuingSeconds: number;
  /** Adding risk arrays × quantity and scanning, for every account [s]. */
  readonly scanningSeconds: number;
  readonly positions: number;
  /** Until as many threads as asked for are through with all of it, side by side, over columns they have in common [s]. */
  readonly sharedSeconds: number;
  readonly threads: number;
  /** Bytes of risk arrays and figures that the scan reads from their places. */
  readonly gatheredBytes: number;
  /** What this thread reads in order from memory [bytes/s]. */
  readonly bandwidth: number;
}

const bytesPerPosition = 16 * 8 + 4 * 8;

/** Figures of one thread, and the wall clock of several that share contracts and accounts as the threads of a run do. */
export async function measureDenseScan(book: BatchBook, threads: number): Promise<DenseScanFigures> {
  const { valuingSeconds, scanningSeconds, wallSeconds } = computeAlone(prepareScan(book), 0, 1);
  const positions = book.accounts * book.positionsPerAccount;
  return {
    valuingSeconds,
    scanningSeconds,
    sharedSeconds: threads === 1 ? wallSeconds : await secondsOfThreads(book, threads),
    threads,
    positions,
    gatheredBytes: positions * bytesPerPosition,
    bandwidth: readBandwidth(),
  };
}

interface Scan {
  readonly book: BatchBook;
  readonly contracts: ReturnType<typeof contractOf>[];
  readonly columns: DenseSpanBook;
}

/** What is there before the clock starts: contracts, their market, and room for what is found. */
function prepareScan(book: BatchBook, common?: CommonSpanColumns): Scan {
  const contracts = Array.from({ length: book.contracts }, (_, index) => contractOf(index));
  const input = scanInput(contracts);
  const columns = openDenseSpanBook(parseSpanParameters({}, batchAsOf), input, common);
  if (columns === null) throw new Error('the published parameters tie contracts to each other');
  return { book, contracts, columns };
}

function scanInput(contracts: Scan['contracts']) {
  const snapshot = batchSnapshot(contracts, batchAsOf);
  return { snapshot, asOf: batchAsOf, baseCurrency: 'USD', listedInstruments: [] };
}

/**
 * Computes the requirements of a book of made-up accounts, as a run does, from columns in memory: those of the thread's share.
 * With others at work on the same columns it values the contracts that nobody else has claimed.
 */
function computeAlone(
  { book, contracts, columns }: Scan,
  thread: number,
  threads: number,
): {
  readonly valuingSeconds: number;
  readonly scanningSeconds: number;
  readonly wallSeconds: number;
} {
  const started = performance.now();
  const { result: places, seconds: valuingSeconds } = timed(() => columns.place(contracts));
  const valued = performance.now();
  if (places.some((place) => place < 0)) throw new Error('a contract has no place in the columns');
  const holdings = Array.from({ length: Math.min(book.accounts, 20_000) }, (_, account) =>
    holdingOf(account, book, places),
  );
  const scanning = performance.now();
  const { result: sum, seconds: scanningSeconds } = timed(() => {
    let required = 0;
    for (let account = thread; account < book.accounts; account += threads)
      required += requirementOf(columns, holdings[account % holdings.length] as Holding);
    return required;
  });
  if (!(sum > 0)) throw new Error('the book requires nothing');
  const wallSeconds = (performance.now() - scanning + (valued - started)) / 1_000;
  return { valuingSeconds, scanningSeconds, wallSeconds };
}

/** What a thread of the bench is begun with. */
interface ScanThread {
  readonly book: BatchBook;
  readonly common: CommonSpanColumns;
  readonly thread: number;
  readonly threads: number;
}

/** Threads start the clock together, once all of them are ready; the slowest says how long it took [s]. */
async function secondsOfThreads(book: BatchBook, threads: number): Promise<number> {
  const contracts = Array.from({ length: book.contracts }, (_, index) => contractOf(index));
  const room = denseSpanRoom({ parameters: {}, asOf: batchAsOf }, scanInput(contracts));
  if (room === null) throw new Error('the published parameters have no columns');
  const common = createCommonSpanColumns(room);
  const workers = Array.from({ length: threads }, (_, thread) => {
    const workerData: ScanThread = { book, common, thread, threads };
    return new Worker(__filename, { workerData });
  });
  try {
    await Promise.all(workers.map(nextMessage));
    const seconds = workers.map(nextMessage);
    for (const worker of workers) worker.postMessage('go');
    return Math.max(...(await Promise.all(seconds)));
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

function nextMessage(worker: Worker): Promise<number> {
  return new Promise((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}

/** Processor time of this process, its collector of garbage included [s]. */
function timed<Result>(work: () => Result): { readonly result: Result; readonly seconds: number } {
  const before = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(before);
  return { result, seconds: Math.max(1, user + system) / 1e6 };
}

interface Holding {
  readonly places: Int32Array;
  readonly quantities: Float64Array;
}

/** The account of the generated firm: neighbouring contracts of one underlying or two, long and short. */
function holdingOf(account: number, { positionsPerAccount, contracts }: BatchBook, places: Int32Array): Holding {
  const indexes = Array.from({ length: positionsPerAccount }, (_, place) => (account * 7_919 + place) % contracts);
  return {
    places: Int32Array.from(indexes, (index) => places[index] as number),
    quantities: Float64Array.from(indexes, (_, place) =>
      (account + place) % 3 === 0 ? 5 + place : -1 - ((account * 31 + place * 17) % 20),
    ),
  };
}

function requirementOf(columns: DenseSpanBook, holding: Holding): number {
  let maintenance = 0;
  const seen: number[] = [];
  for (const place of holding.places) {
    const commodity = columns.commodityOf[place] as number;
    if (seen.includes(commodity)) continue;
    seen.push(commodity);
    maintenance += scanDense(columns, holding, commodity, columns.scratch(seen.length)).maintenance;
  }
  return maintenance;
}

/** Reads 256 MiB in order, three times; the best. */
function readBandwidth(): number {
  const values = new Float64Array(32 * 2 ** 20).fill(1);
  let best = 0;
  for (let turn = 0; turn < 3; turn += 1) {
    const { result: sum, seconds } = timed(() => sumOf(values));
    if (sum !== values.length) throw new Error('the sum is wrong');
    best = Math.max(best, values.byteLength / seconds);
  }
  return best;
}

function sumOf(values: Float64Array): number {
  let [first, second, third, fourth] = [0, 0, 0, 0];
  for (let index = 0; index < values.length; index += 4) {
    first += values[index] as number;
    second += values[index + 1] as number;
    third += values[index + 2] as number;
    fourth += values[index + 3] as number;
  }
  return first + second + third + fourth;
}

if (!isMainThread && parentPort !== null) {
  const port = parentPort;
  const { book, common, thread, threads } = workerData as ScanThread;
  const scan = prepareScan(book, common);
  port.once('message', () => port.postMessage(computeAlone(scan, thread, threads).wallSeconds));
  port.postMessage(0);
}
