import { Client } from 'pg';
import { type Answer, type ApiWorld, openApiWorld } from '../support/api-world';
import { withClient } from '../support/postgres';

let world: ApiWorld;
const list = '{ accounts { edges { node { code requirement { status } } } } }';
const codeOf = ({ errors }: Answer): string | undefined => errors[0]?.extensions.code;

beforeAll(async () => {
  world = await openApiWorld();
}, 60_000);
afterAll(() => world?.close());

describe('while the record is in trouble', () => {
  it('every answer is right or says UNAVAILABLE, and the service heals by itself', async () => {
    const terminate = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND usename = 'ballast_app' AND pid <> pg_backend_pid()`;
    const answers: Answer[] = [];
    await withClient(world.database.superuserUrl, async (client) => {
      for (let turn = 0; turn < 10; turn += 1) {
        const asked = Promise.all(Array.from({ length: 6 }, () => world.ask(list)));
        await client.query(terminate);
        answers.push(...(await asked));
      }
    });
    for (const answer of answers) {
      if (answer.status === 200) expect(answer.data.accounts.edges).toHaveLength(12);
      else expect([answer.status, codeOf(answer)]).toEqual([503, 'UNAVAILABLE']);
    }
    expect(await world.ask(list)).toMatchObject({ status: 200, errors: [] });
  });

  it('a blocked table holds questions that were not asked before for seconds, not for ever, and leaves health checks alone', async () => {
    const locker = new Client({ connectionString: world.database.ownerUrl });
    await locker.connect();
    await locker.query('BEGIN; LOCK TABLE accounts IN ACCESS EXCLUSIVE MODE');
    const began = performance.now();
    const asked = (first: number) => list.replace('accounts', `accounts(first: ${first})`);
    const blocked = Promise.all(Array.from({ length: 8 }, (_, place) => world.ask(asked(1 + place))));
    expect(await world.send({ path: '/health/live' })).toMatchObject({ status: 200 });
    const answers = await blocked;
    expect(performance.now() - began).toBeLessThan(15_000);
    for (const answer of answers) expect([answer.status, codeOf(answer)]).toEqual([503, 'UNAVAILABLE']);
    await locker.query('ROLLBACK');
    await locker.end();
    expect(await world.ask(list)).toMatchObject({ status: 200, errors: [] });
  }, 30_000);
});
