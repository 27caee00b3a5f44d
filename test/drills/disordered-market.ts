import { openTestDatabase, type TestDatabase, withClient } from '../support/postgres';
import { lineOf, openStreamDesk, type StreamDesk, textAt, untilTold } from '../support/stream-desk';
import { type Drill, randomFrom, requireThat } from './drill';

/** One message of the source. */
interface Tick {
  readonly name: string;
  readonly sequence: number;
  readonly price: string;
  readonly text: string;
}

const names = ['X', 'Y', 'X-90-C', 'X-100-C', 'X-110-C'];
const ticksPerStream = 2_000;

/** A source that sends messages twice, late and not at all, to a process that is stopped in the middle. */
export const disorderedMarket: Drill = {
  id: 'FD-10',
  title: 'a stream of quotes with repeated, late and lost messages, and a process that dies between them',
  promise:
    'the newest of each contract is what is stored, lost messages raise FEED_GAP, no snapshot is evaluated twice',
  run: async ({ intensity }) => {
    const seeds = intensity === 'full' ? 25 : 2;
    const db = await openTestDatabase();
    const found = { lines: 0, repeated: 0, outOfOrder: 0, gaps: 0, snapshots: 0, deaths: 0 };
    try {
      for (let seed = 1; seed <= seeds; seed += 1) {
        const held = await holdStream(db, seed);
        for (const key of Object.keys(found) as (keyof typeof found)[]) found[key] += held[key];
      }
    } finally {
      await db.close();
    }
    const { lines, repeated, outOfOrder, gaps, snapshots, deaths } = found;
    const counts = `${lines} lines, ${repeated} repeated, ${outOfOrder} out of order, ${gaps} gaps, ${deaths} deaths`;
    return { figures: `${seeds} streams: ${counts}; ${snapshots} snapshots, every one the newest of each contract` };
  },
};

async function holdStream(db: TestDatabase, seed: number) {
  const desk = await openStreamDesk(db);
  const random = randomFrom(seed);
  const ticks = Array.from({ length: ticksPerStream }, (_, index) => tickOf(index + 1, random));
  const lost = new Set(ticks.filter(() => random() < 0.002).map(({ sequence }) => sequence));
  const sent = disorder(
    ticks.filter(({ sequence }) => !lost.has(sequence)),
    random,
  );
  const half = Math.floor(sent.length * (0.3 + 0.4 * random()));
  const seconds = ticksPerStream / 100 + 1;
  const dying = desk.follow([{ lines: sent.slice(0, half), seconds }], {
    onEvent: ({ event }) => {
      if (event === 'committed') throw new Error('dead');
    },
  });
  const deaths = await dying.then(
    () => 0,
    () => 1,
  );
  requireThat(deaths === 1, 'the process was to die after its first snapshot');
  const again = [sent.slice(Math.floor(half / 2), half + 200), sent.slice(half + 200)];
  const { report } = await desk.follow(
    again.map((lines, index) => ({ lines, seconds, after: untilTold('committed', index + 1) })),
  );
  await requireNewest(
    desk,
    ticks.filter(({ sequence }) => !lost.has(sequence)),
  );
  requireThat(
    lost.size === 0 || report.gaps > 0,
    `seed ${seed}: ${lost.size} messages were lost and no gap was raised`,
  );
  requireThat(report.rejected === 0, `seed ${seed}: good lines were rejected`);
  await requireOneRunEach(db, desk);
  return { ...report, deaths, snapshots: report.snapshots + 1 };
}

function tickOf(sequence: number, random: () => number): Tick {
  const name = names[Math.floor(random() * names.length)] ?? 'X';
  const timestamp = textAt(sequence / 100);
  const usual = { X: 100, Y: 50, 'X-90-C': 14, 'X-100-C': 4, 'X-110-C': 3.5 }[name] ?? 1;
  const price = (usual * (1 + 0.002 * (random() - 0.5))).toFixed(4);
  const members = name.length === 1 ? { underlying: name, price } : { instrument: name, mark: price };
  return { name, sequence, price, text: lineOf({ ...members, timestamp, sequence }) };
}

/** Some messages twice, and every one up to thirty places late. */
function disorder(ticks: readonly Tick[], random: () => number): readonly string[] {
  const twice = ticks.flatMap((tick) => (random() < 0.1 ? [tick, tick] : [tick]));
  const placed = twice.map(({ text, sequence }) => ({ text, place: sequence + 30 * random() }));
  return placed.sort((left, right) => left.place - right.place).map(({ text }) => text);
}

async function requireNewest(desk: StreamDesk, ticks: readonly Tick[]): Promise<void> {
  const { snapshot } = await desk.latest();
  for (const name of names) {
    const newest = ticks.filter((tick) => tick.name === name).at(-1);
    if (newest === undefined) continue;
    const quote = snapshot.instruments.get(name);
    const underlying = snapshot.underlyings.get(name);
    const at = (quote ?? underlying)?.quotedAt;
    requireThat(at === Date.parse(textAt(newest.sequence / 100)), `${name} is not as it was last stated`);
    // A contract whose underlying moved after it keeps its volatility and not its price.
    const price = underlying?.price ?? quote?.mark;
    requireThat(price == null || price.toFixed(4) === newest.price, `${name} has a price of an older message`);
  }
}

async function requireOneRunEach(db: TestDatabase, { scope }: StreamDesk): Promise<void> {
  const sql = `SELECT count(*)::integer AS doubled FROM (SELECT snapshot_id FROM margin_runs
    WHERE firm_id = $1 AND state = 'COMPLETED' GROUP BY snapshot_id HAVING count(*) > 1) AS twice`;
  const [row] = await withClient(db.superuserUrl, async (client) => {
    return (await client.query<{ doubled: number }>(sql, [scope.firmId])).rows;
  });
  requireThat(row?.doubled === 0, 'a snapshot was evaluated twice');
}
