import { BufferHistoryStore } from '@ballast/persistence';
import { openTestDatabase, type TestDatabase, withClient } from '../support/postgres';
import {
  lineOf,
  openStreamDesk,
  priceLine,
  quoteLine,
  strikes,
  textAt,
  until,
  untilTold,
} from '../support/stream-desk';

let db: TestDatabase;
beforeAll(async () => {
  db = await openTestDatabase();
});
afterAll(() => db?.close());

describe('a market stream that is followed beside others, and after them', () => {
  it('compares what comes while a snapshot is being stored with what goes into it', async () => {
    const desk = await openStreamDesk(db);
    let held: Awaited<ReturnType<typeof desk.hold>> | undefined;
    const { report } = await desk.follow([
      { lines: [], seconds: 6, after: async () => (held = await desk.hold('reading')) },
      { lines: [priceLine('X', '101', 5, { sequence: 1 })], seconds: 6, after: () => held!.untilWaited() },
      { lines: [priceLine('X', '99', 4, { sequence: 2 })], seconds: 6, after: () => held!.release() },
      { lines: [priceLine('Y', '50.2', 6, { sequence: 3 })], seconds: 6 },
    ]);
    expect(report).toMatchObject({ lines: 3, taken: 2, outOfOrder: 1, sequence: 3 });
    const { snapshot } = await desk.latest();
    expect(['X', 'Y'].map((id) => snapshot.underlyings.get(id)?.price?.toFixed())).toEqual(['101', '50.2']);
    expect(snapshot.underlyings.get('X')?.quotedAt).toBe(Date.parse(textAt(5)));
  });

  it.each(['reading', 'storing'] as const)(
    'loses and doubles nothing when the connection breaks while %s',
    async (what) => {
      const desk = await openStreamDesk(db);
      let held: Awaited<ReturnType<typeof desk.hold>> | undefined;
      const cut = async () => {
        await held?.cut();
        await held?.release();
      };
      const lines = [
        lineOf({ underlying: 'X', price: '101', rate: 0.05, timestamp: textAt(5) }),
        lineOf({ instrument: 'Z-1-C', bid: '1', timestamp: textAt(5) }),
      ];
      const { report, of } = await desk.follow([
        { lines: [], seconds: 6, after: async () => (held = await desk.hold(what)) },
        { lines, seconds: 6, after: () => held!.untilWaited() },
        { lines: [priceLine('X', '102', 6)], seconds: 6, after: cut },
      ]);
      expect(of('waiting').length).toBeGreaterThan(0);
      expect(report).toMatchObject({ lines: 3, taken: 2, coalesced: 1, rejected: 1, snapshots: 1 });
      expect(of('rejected')).toHaveLength(1);
      const x = (await desk.latest()).snapshot.underlyings.get('X');
      expect([x?.price?.toFixed(), x?.rate]).toEqual(['102', 0.05]);
    },
  );

  it('lets nothing that waits over what another stream published later', async () => {
    const desk = await openStreamDesk(db);
    const first = desk.follow(
      [
        { lines: [priceLine('Y', '51', 1)], seconds: 1, after: untilTold('evaluated', 1) },
        {
          lines: [],
          seconds: 6,
          after: () => desk.follow([{ lines: [priceLine('X', '101', 5)], seconds: 6 }], { stream: 'other' }),
        },
        { lines: [priceLine('X', '99', 4), priceLine('Y', '51.5', 6)], seconds: 6 },
      ],
      { stream: 'test' },
    );
    expect((await first).report).toMatchObject({ lines: 3, taken: 2, outOfOrder: 1 });
    const { snapshot } = await desk.latest();
    expect(['X', 'Y'].map((id) => snapshot.underlyings.get(id)?.price?.toFixed())).toEqual(['101', '51.5']);
  });

  it('evaluates again what a run that failed left, three times at most', async () => {
    const desk = await openStreamDesk(db, { shardSize: 1 });
    await failRuns(desk.scope.firmId, '[12]');
    const lines = (seconds: number) => ({ lines: [priceLine('Y', `50.${seconds}`, seconds)], seconds });
    const first = await desk.follow([lines(1)]);
    expect(first.of('evaluated').map(({ state }) => state)).toEqual(['FAILED', 'FAILED', 'COMPLETED']);
    await failRuns(desk.scope.firmId, '[123]');
    const second = await desk.follow([lines(2)]);
    expect(second.of('evaluated').map(({ state }) => state)).toEqual(Array(3).fill('FAILED'));
    await failRuns(desk.scope.firmId, 'none');
    const third = await desk.follow([{ ...lines(3), lines: [priceLine('X', '100.1', 3)] }]);
    expect(third.of('evaluated')).toMatchObject([{ state: 'COMPLETED', accounts: 3 }]);
    await desk.engine.close();
  });

  it('keeps what snapshots of a feed in doubt said for the process that goes on after them', async () => {
    const desk = await openStreamDesk(db);
    const numbered = (from: number, lines: readonly string[]) =>
      lines.map((line, index) => lineOf({ ...(JSON.parse(line) as object), sequence: from + index }));
    const crossed = strikes.slice(0, 4).map((strike) => quoteLine(strike, 2, { bid: '50' }));
    const first = await desk.follow([
      { lines: numbered(1, crossed), seconds: 2, after: untilTold('committed', 1) },
      { lines: numbered(5, [priceLine('Y', '50.4', 3)]), seconds: 3 },
    ]);
    expect(first.of('committed').map(({ frozen }) => frozen)).toEqual([true, true]);
    expect(first.report).toMatchObject({ suspect: true, runs: 0, sequence: 5 });
    const clean = (turn: number) => ({
      lines: numbered(6 + 4 * turn, strikes.slice(0, 4).map((strike) => quoteLine(strike, 4 + turn))), // prettier-ignore
      seconds: 4 + turn,
      after: untilTold('committed', turn + 1),
    });
    const second = await desk.follow([0, 1, 2].map(clean));
    expect(second.events[0]).toMatchObject({ event: 'started', sequence: 5 });
    expect(second.of('committed').map(({ frozen }) => frozen)).toEqual([true, true, false]);
    expect(second.report).toMatchObject({ suspect: false, runs: 1, gaps: 0 });
    const { id, snapshot } = await desk.latest();
    expect(snapshot.underlyings.get('Y')?.price?.toFixed()).toBe('50.4');
    expect(second.of('evaluated')).toMatchObject([{ snapshotId: id, state: 'COMPLETED', accounts: 3 }]);
  });

  it('stops and goes on without loss or doubling, also between a snapshot and its run', async () => {
    const desk = await openStreamDesk(db);
    const lines = [1, 2, 3].map((number) => priceLine('X', `10${number}`, number, { sequence: number }));
    // The process dies after the snapshot and before the run.
    const dying = desk.follow([{ lines, seconds: 4 }], {
      onEvent: ({ event }) => {
        if (event === 'committed') throw new Error('killed');
      },
    });
    await expect(dying).rejects.toThrow('killed');
    const committed = (await desk.latest()).id;
    const again = await desk.follow([{ lines, seconds: 5 }]);
    expect(again.events[0]).toMatchObject({ event: 'started', snapshotId: committed, sequence: 3 });
    expect(again.report).toMatchObject({ repeated: 3, taken: 0, snapshots: 0, runs: 1, gaps: 0 });
    expect(again.of('evaluated')).toMatchObject([{ snapshotId: committed, state: 'COMPLETED', accounts: 3 }]);
    const more = [...lines, priceLine('X', '104', 4, { sequence: 4 })];
    const third = await desk.follow([{ lines: more, seconds: 6 }]);
    expect(third.report).toMatchObject({ repeated: 3, taken: 1, snapshots: 1, runs: 1, gaps: 0, sequence: 4 });
    const id = desk.ids.get('CALLS') ?? '';
    const history = await new BufferHistoryStore(db.database).findLatest(desk.scope, [id]);
    expect(history.get(id)?.runId).toBe(third.of('evaluated')[0]?.runId);
    expect(await desk.runs.count(desk.scope)).toBe(2);
  });

  it('takes what others published meanwhile, and what it knows that is newer', async () => {
    const desk = await openStreamDesk(db);
    const publish = () => desk.desk.importMarket.execute(desk.context, [
      { name: 'q.csv', bytes: new TextEncoder().encode(`instrument,bid,ask,mark,impliedVolatility,timestamp\nX-80-C,24.4,24.6,,,${textAt(3)}`) },
      { name: 'u.csv', bytes: new TextEncoder().encode(`underlying,kind,currency,price,rate,dividendYield,timestamp\nX,equity,USD,100.5,0.03,0,${textAt(3)}\nY,equity,USD,52,0.03,0,${textAt(3)}`) },
    ]); // prettier-ignore
    await desk.follow([
      {
        lines: [priceLine('X', '101', 4)],
        seconds: 4,
        after: (events) => untilTold('evaluated', 1)(events).then(publish),
      },
      { lines: [quoteLine(82, 5)], seconds: 5 },
    ]);
    const { snapshot } = await desk.latest();
    expect(['X', 'Y'].map((id) => snapshot.underlyings.get(id)?.price?.toFixed())).toEqual(['101', '50']);
    expect(snapshot.instruments.size).toBe(20);
  });

  it('is followed by one process at a time, and by any number under different names', async () => {
    const desk = await openStreamDesk(db);
    let end: () => void = () => undefined;
    const waits = new Promise<void>((resolve) => (end = resolve));
    let started = false;
    const first = desk.follow([{ lines: [priceLine('Y', '51', 1)], seconds: 1, after: () => waits }], {
      onEvent: () => (started = true),
    });
    await until(() => started);
    await expect(desk.follow([])).rejects.toMatchObject({ code: 'CONFLICT' });
    expect((await desk.follow([], { stream: 'other' })).report).toMatchObject({ lines: 0, snapshots: 0 });
    end();
    await first;
    expect((await desk.follow([])).report.snapshots).toBe(0);
  });

  it('claims a stream again when the connection of its claim is lost, and goes on', async () => {
    const desk = await openStreamDesk(db);
    const { report } = await desk.follow([
      { lines: [priceLine('Y', '51', 1)], seconds: 1, after: untilTold('evaluated', 1) },
      { lines: [], seconds: 2, after: () => desk.cutClaim() },
      { lines: [priceLine('Y', '52', 3)], seconds: 3, after: untilTold('committed', 2) },
      { lines: [], seconds: 3, after: () => expect(desk.follow([])).rejects.toMatchObject({ code: 'CONFLICT' }) },
    ]);
    expect(report).toMatchObject({ snapshots: 2, runs: 2 });
  });

  it.each(['follows', 'followed'])('stops when its claim is lost and another process %s the stream', async (what) => {
    const desk = await openStreamDesk(db);
    let release: () => void = () => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    let other: ReturnType<typeof desk.follow> | undefined;
    const takeOver = async () => {
      await desk.cutClaim();
      let committed = false;
      const batch = { lines: [priceLine('Y', '52', 3)], seconds: 3 };
      other = desk.follow([{ ...batch, after: () => (what === 'follows' ? released : Promise.resolve()) }], {
        onEvent: ({ event }) => (committed ||= event === 'evaluated'),
      });
      await until(() => committed);
      if (what === 'followed') await other;
    };
    const first = desk.follow([
      { lines: [priceLine('Y', '51', 1)], seconds: 1, after: untilTold('evaluated', 1) },
      { lines: [], seconds: 2, after: takeOver },
      { lines: [priceLine('Y', '53', 4)], seconds: 4 },
    ]);
    await expect(first).rejects.toMatchObject({ code: 'CONFLICT' });
    release();
    expect((await other)?.report.snapshots).toBe(1);
    expect((await desk.latest()).snapshot.underlyings.get('Y')?.price?.toFixed()).toBe('52');
  });
});

/** Has the runs of a firm fail as they are opened, whose key ends in one of these. */
async function failRuns(firmId: string, ends: string): Promise<void> {
  await withClient(db.superuserUrl, (client) =>
    client.query(`CREATE OR REPLACE FUNCTION fail_run() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF NEW.firm_id = '${firmId}' AND NEW.idempotency_key ~ ' ${ends}$' THEN
          NEW.state := 'FAILED'; NEW.failure_reason := 'a drill'; NEW.finished_at := current_instant();
        END IF;
        RETURN NEW;
      END $$;
      CREATE OR REPLACE TRIGGER fail_run BEFORE INSERT ON margin_runs FOR EACH ROW EXECUTE FUNCTION fail_run()`),
  );
}
