import http from 'node:http';
import { AccountStore } from '@ballast/persistence';
import { queryDeadline } from '../../apps/api/src/http/request-bounds';
import { type Answer, type ApiWorld, openApiWorld } from '../support/api-world';
import { withClient } from '../support/postgres';

let world: ApiWorld;
beforeAll(async () => {
  world = await openApiWorld();
}, 60_000);
afterAll(() => world?.close());

const figures = `code name requirement { id asOf quality qualityReasons warnings methodology status bufferRatio leverage
  initial { amount currency } maintenance { amount } netOptionValue { amount } equity { amount } buffer { amount }
  excess { amount } worstScenario { label loss } scenarios { index group label loss } breakdown { id kind amount { amount } }
  contributions { instrumentId euler increment } }`;
const byCode = `query ($code: String!) { account(code: $code) { ${figures} } }`;
const list = `query ($first: Int, $after: String) { accounts(first: $first, after: $after) { edges { cursor node { ${figures} } }
  pageInfo { hasNextPage endCursor } } }`;
const names = '{ accounts(orderBy: { field: CODE, direction: ASC }) { edges { node { code name } } } }';

/** The same operation under a text that nobody has sent before: answered the general way. */
let fresh = 0;
function freshTextOf(query: string): string {
  fresh += 1;
  return `${query} # ${fresh}`;
}

/** Sends a text until it is a hot one. */
async function warm(query: string, variables: object, token?: string): Promise<void> {
  for (let time = 0; time < 3; time += 1) await world.ask(query, variables, token);
}

/** Gives an account another name, as a loader does. */
async function rename(code: string, name: string): Promise<void> {
  const account = { code, name, baseCurrency: 'USD', methodology: 'SPAN' as const };
  await new AccountStore(world.database.database).upsertMany({ firmId: world.firms.alpha }, [account]);
}

function codesOf({ data }: Answer): string[] {
  return data.accounts.edges.map(({ node }: { node: { code: string } }) => node.code);
}

describe('operations that are asked again', () => {
  it('answer byte for byte what their first time answered', async () => {
    for (const variables of [{ code: 'A-01' }, { code: 'A-05' }, { code: 'A-12' }]) {
      const general = await world.ask(freshTextOf(byCode), variables);
      await warm(byCode, variables);
      const hot = await world.ask(byCode, variables);
      expect([hot.status, hot.text]).toEqual([200, general.text]);
      expect(hot.errors).toEqual([]);
    }
    for (const variables of [{}, { first: 5 }, { first: 12 }, { first: null }]) {
      const general = await world.ask(freshTextOf(list), variables);
      await warm(list, variables);
      expect((await world.ask(list, variables)).text).toBe(general.text);
    }
  });

  it('refuse what they would refuse the first time', async () => {
    await warm(byCode, { code: 'A-01' });
    await warm(list, { first: 5 });
    const wrong: readonly [string, object][] = [
      [byCode, { code: 'B-01' }],
      [byCode, { code: 'none' }],
      [byCode, {}],
      [byCode, { code: 7 }],
      [list, { first: 0 }],
      [list, { first: -1 }],
      [list, { first: 1.5 }],
      [list, { after: 'not a cursor' }],
    ];
    for (const [query, variables] of wrong) {
      const [general, hot] = [await world.ask(freshTextOf(query), variables), await world.ask(query, variables)];
      expect([hot.status, hot.errors]).toEqual([general.status, general.errors]);
      expect(hot.errors).toHaveLength(1);
    }
  });

  it('count cost with the values of variables', async () => {
    const wide = `query ($n: Int) { accounts(first: $n) { edges { node { requirement { scenarios { index group label loss } ${Array.from(
      { length: 12 },
      (_, place) => `a${place}: breakdown { id }`,
    ).join(' ')} } } } } }`;
    await warm(wide, { n: 1 });
    expect((await world.ask(wide, { n: 1 })).errors).toEqual([]);
    expect((await world.ask(wide, { n: 500 })).errors[0]?.extensions.code).toBe('QUERY_TOO_COSTLY');
  });

  it('keep roles apart: who may not read is refused though the text is hot', async () => {
    await warm(byCode, { code: 'A-01' });
    const nobody = await world.token({ roles: [] });
    const { data, errors } = await world.ask(byCode, { code: 'A-01' }, nobody);
    expect(errors[0]?.extensions.code).toBe('FORBIDDEN');
    expect(data.account).toBeNull();
  });
});

describe('the door of hot operations', () => {
  const named = 'query ($code: String!) { account(code: $code) { code name } }';
  const headers = async () => ({
    'content-type': 'application/json',
    authorization: `Bearer ${await world.token({ roles: ['risk'] })}`,
  });
  const bodyOf = (query: string, more: object = {}) =>
    JSON.stringify({ query, variables: { code: 'A-03' }, operationName: null, ...more });

  it('writes the head the general way writes', async () => {
    await warm(byCode, { code: 'A-03' });
    const head = async (query: string, given: object) => {
      const response = await fetch(`${world.url}/graphql`, {
        method: 'POST',
        headers: { ...(await headers()), ...given },
        body: bodyOf(query),
      });
      const names = Object.fromEntries(response.headers);
      return [
        response.status,
        { ...names, date: '', 'x-request-id': names['x-request-id']?.length },
        await response.text(),
      ];
    };
    await head(byCode, {});
    expect(await head(byCode, {})).toEqual(await head(freshTextOf(byCode), {}));
    const own = { 'x-request-id': 'my-own-identifier' };
    const response = await fetch(`${world.url}/graphql`, {
      method: 'POST',
      headers: { ...(await headers()), ...own },
      body: bodyOf(byCode),
    });
    expect(response.headers.get('x-request-id')).toBe(own['x-request-id']);
  });

  it('tells letters of every alphabet as the general way does', async () => {
    const name = 'Ærø 株式会社 😀 "quoted" \u2028 end';
    await rename('A-09', name);
    await warm(named, { code: 'A-09' });
    const general = await world.ask(freshTextOf(named), { code: 'A-09' });
    for (let time = 0; time < 2; time += 1) {
      const hot = await world.ask(named, { code: 'A-09' });
      expect([hot.data.account.name, hot.text]).toEqual([name, general.text]);
    }
  });

  it('takes a body however it arrives', async () => {
    await warm(byCode, { code: 'A-03' });
    const { text } = await world.ask(byCode, { code: 'A-03' });
    const whole = Buffer.from(bodyOf(byCode));
    const sent = async (head: object, pieces: readonly Buffer[]) => {
      const given = { ...(await headers()), ...head };
      return new Promise((resolve, reject) => {
        const request = http.request(`${world.url}/graphql`, { method: 'POST', headers: given }, (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () => resolve([response.statusCode, Buffer.concat(chunks).toString()]));
        });
        request.on('error', reject);
        pieces.forEach((piece, place) => setTimeout(() => request.write(piece), 20 * place));
        setTimeout(() => request.end(), 20 * pieces.length);
      });
    };
    const pieces = [whole.subarray(0, 7), whole.subarray(7, 60), whole.subarray(60)];
    expect(await sent({ 'content-length': whole.length }, [whole])).toEqual([200, text]);
    expect(await sent({ 'content-length': whole.length }, pieces)).toEqual([200, text]);
    expect(await sent({ 'transfer-encoding': 'chunked' }, pieces)).toEqual([200, text]);
    const fresh = Buffer.from(bodyOf(freshTextOf(byCode)));
    const halves = [fresh.subarray(0, 30), fresh.subarray(30)];
    expect(await sent({ 'content-length': fresh.length }, halves)).toEqual([200, text]);
  });

  it('counts the time to an answer from when the body has arrived', async () => {
    await warm(byCode, { code: 'A-03' });
    const { text } = await world.ask(byCode, { code: 'A-03' });
    const body = bodyOf(byCode);
    const given = { ...(await headers()), 'content-length': Buffer.byteLength(body) };
    const answer = new Promise((resolve, reject) => {
      const request = http.request(`${world.url}/graphql`, { method: 'POST', headers: given }, (response) => {
        response.setEncoding('utf8').on('data', (told: string) => resolve([response.statusCode, told]));
      });
      request.on('error', reject);
      request.write(body.slice(0, 20));
      // Longer than an answer may take, shorter than a client may take to send.
      setTimeout(() => request.end(body.slice(20)), queryDeadline + 500);
    });
    expect(await answer).toEqual([200, text]);
  }, 15_000);

  it('counts who was answered how, and tells what is kept', async () => {
    await warm(byCode, { code: 'A-03' });
    const counts = async (): Promise<readonly number[]> => {
      const page = await (await fetch(`${world.url}/metrics`)).text();
      const value = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(page)?.[1]);
      const [kept, read, general] = ['kept', 'read', 'general'].map((by) =>
        value(`ballast_hot_answers_total\\{by="${by}"\\}`),
      );
      expect(value('ballast_kept_answer_bytes')).toBeGreaterThan(0);
      return [(kept as number) + (read as number), general as number];
    };
    const before = await counts();
    for (let time = 0; time < 5; time += 1) await world.ask(byCode, { code: 'A-03' });
    await world.ask(byCode, { code: 'none' });
    expect((await counts()).map((count, index) => count - (before[index] as number))).toEqual([5, 1]);
  });

  it('refuses the bodies the general way refuses, in its words', async () => {
    await warm(byCode, { code: 'A-03' });
    const forms: readonly ((text: string) => string)[] = [
      (text) => bodyOf(text, { extensions: null }),
      (text) => bodyOf(text, { extensions: [] }),
      (text) => bodyOf(text, { extensions: 'x' }),
      (text) => bodyOf(text, { operationName: 7 }),
      (text) => bodyOf(text, { operationName: 'Other' }),
      (text) => bodyOf(text, { variables: [] }),
      (text) => bodyOf(text, { variables: 'x' }),
      (text) => bodyOf(text, { variables: { code: 'none' } }),
      (text) => bodyOf(text).replace('{', '{"__proto__":{"a":1},'),
      (text) => bodyOf(text).replace('{', '{"\\u005f_proto__":{"a":1},'),
      (text) => bodyOf(text).replace('{', '{"constructor":{"prototype":{}},'),
      (text) => `[${bodyOf(text)}]`,
      (text) => bodyOf(text).slice(0, -1),
      (text) => `${bodyOf(text)}x`,
      (text) => bodyOf(text, { extensions: { persistedQuery: { version: 1, sha256Hash: 'x' } } }),
      (text) => bodyOf(text, { extensions: { persistedQuery: { version: 1, sha256Hash: '0'.repeat(64) } } }),
    ];
    for (const form of forms) {
      const [hot, general] = await Promise.all(
        [byCode, freshTextOf(byCode)].map(async (text) => {
          const answer = await world.send({ method: 'POST', headers: await headers(), body: form(text) });
          return { status: answer.status, errors: answer.errors };
        }),
      );
      expect(hot).toEqual(general);
      expect([form(''), hot?.errors.length]).toEqual([form(''), 1]);
    }
  });
});

describe('requests that share a transaction', () => {
  it('T-09 never share it across firms, roles or account limits', async () => {
    const id = (code: string) => world.accounts.get(code) as string;
    const callers: readonly [string, readonly string[]][] = [
      [
        await world.token({ roles: ['risk'] }),
        [...world.accounts.keys()].filter((code) => code.startsWith('A')).sort(),
      ],
      [await world.token({ roles: ['broker'], accountIds: [id('A-02')] }), ['A-02']],
      [await world.token({ roles: ['broker'], accountIds: [id('A-03'), id('A-04')] }), ['A-03', 'A-04']],
      [await world.token({ roles: ['broker'], accountIds: [] }), []],
      [await world.token({ firm: 'beta', roles: ['risk'] }), ['B-01']],
    ];
    await warm(names, {});
    const asked = Array.from({ length: 100 }, (_, index) => callers[(index * 7) % callers.length]);
    await Promise.all(
      asked.map(async (caller) => {
        const [token, visible] = caller as (typeof callers)[number];
        expect(codesOf(await world.ask(names, {}, token))).toEqual(visible);
      }),
    );
    await Promise.all(
      asked.map(async (caller) => {
        const [token, visible] = caller as (typeof callers)[number];
        const { data, errors } = await world.ask(byCode, { code: 'A-02' }, token);
        if (visible.includes('A-02')) expect(data.account.code).toBe('A-02');
        else expect(errors[0]?.extensions.code).toBe('NOT_FOUND');
      }),
    );
  });

  it('are shown what was recorded before they asked, however many others ask', async () => {
    await warm(byCode, { code: 'A-06' });
    const nameNow = async (): Promise<string> => (await world.ask(byCode, { code: 'A-06' })).data.account.name;
    let over = false;
    const others = Array.from({ length: 8 }, async () => {
      while (!over) await nameNow();
    });
    for (let version = 1; version <= 40; version += 1) {
      await rename('A-06', `Name ${version}`);
      expect(await nameNow()).toBe(`Name ${version}`);
    }
    over = true;
    await Promise.all(others);
  });
});

describe('answers that are kept', () => {
  /** Runs work while nobody else can read accounts: only what is kept can be answered then. */
  const whileLocked = <Result>(work: () => Promise<Result>): Promise<Result> =>
    withClient(world.database.superuserUrl, async (client) => {
      await client.query('BEGIN; LOCK TABLE accounts IN ACCESS EXCLUSIVE MODE');
      return work().finally(() => client.query('ROLLBACK'));
    });
  const waits = () => new Promise<'waits'>((resolve) => setTimeout(resolve, 300, 'waits'));
  const withAge = byCode.replace('requirement {', 'requirement { ageMs');

  it('are given without reading anew, each with its age of the moment, to everybody of the scope and nobody else', async () => {
    const [colleague, other] = [
      await world.token({ roles: ['risk'], subject: 'colleague' }),
      await world.token({ roles: ['broker'] }),
    ];
    const held: Promise<Answer>[] = [];
    // Any commit on the server, by another test too, makes answers be read anew; then the attempt is repeated.
    const attempt = async (): Promise<boolean> => {
      await warm(withAge, { code: 'A-03' });
      await warm(list, { first: 4 });
      const before = await world.ask(withAge, { code: 'A-03' });
      const page = await world.ask(list, { first: 4 });
      return whileLocked(async () => {
        const asked = [world.ask(withAge, { code: 'A-03' }, colleague), world.ask(list, { first: 4 })] as const;
        held.push(...asked);
        const given = await Promise.race([Promise.all(asked), waits()]);
        if (given === 'waits') return false;
        const [again, pageAgain] = given;
        const ageOf = ({ data }: Answer) => data.account.requirement.ageMs as number;
        expect(ageOf(again)).toBeGreaterThanOrEqual(ageOf(before));
        const ageless = (answer: Answer) => answer.text.replace(`"ageMs":${ageOf(answer)}`, '');
        expect(ageless(again)).toBe(ageless(before));
        expect(pageAgain.text).toBe(page.text);
        const otherOne = world.ask(withAge, { code: 'A-03' }, other);
        held.push(otherOne);
        expect(await Promise.race([otherOne, waits()])).toBe('waits');
        return true;
      });
    };
    let isGiven = false;
    for (let tries = 0; tries < 60 && !isGiven; tries += 1) isGiven = await attempt();
    expect(isGiven).toBe(true);
    expect((await held.at(-1))?.status).toBe(200);
    await Promise.all(held);
  });

  it('are checked like all others: token, form, variables, cost', async () => {
    await warm(byCode, { code: 'A-04' });
    const forged = `${await world.token({ roles: ['risk'] })}x`;
    expect((await world.ask(byCode, { code: 'A-04' }, forged)).errors[0]?.extensions.code).toBe('UNAUTHENTICATED');
    expect(
      (await world.ask(byCode, { code: 'A-04' }, await world.token({ roles: [] }))).errors[0]?.extensions.code,
    ).toBe('FORBIDDEN');
    const foreign = await world.ask(byCode, { code: 'A-04' }, await world.token({ firm: 'beta', roles: ['risk'] }));
    expect(foreign.errors[0]?.extensions.code).toBe('NOT_FOUND');
  });

  it('are never older than the request, and never anything the general way would not say, while others write', async () => {
    const seen = await world.token({ roles: ['broker'], accountIds: [world.accounts.get('A-07') as string] });
    for (const bearer of [undefined, seen]) await warm(withAge, { code: 'A-07' }, bearer);
    await warm(list, { first: 3 });
    await rename('A-07', 'Version 0');
    let [begun, done, over] = [0, 0, false];
    const mistakes: string[] = [];
    const readers = [undefined, undefined, seen, seen].map(async (bearer) => {
      while (!over) {
        const least = done;
        const { data } = await world.ask(withAge, { code: 'A-07' }, bearer);
        const version = Number(/\d+$/.exec(data.account.name as string)?.[0]);
        if (version < least || version > begun) mistakes.push(`${version} is not within ${least} and ${begun}`);
      }
    });
    const fixed = async (query: string, variables: object, bearer?: string) =>
      (await world.ask(query, variables, bearer)).text.replace(/"ageMs":\d+/g, '');
    for (let version = 1; version <= 40; version += 1) {
      begun = version;
      await rename('A-07', `Version ${version}`);
      done = version;
      if (version % 5 === 0)
        for (const [query, variables, bearer] of [
          [withAge, { code: 'A-07' }, undefined],
          [withAge, { code: 'A-07' }, seen],
          [list, { first: 3 }, undefined],
        ] as const)
          // prettier-ignore
          expect(await fixed(query, variables, bearer)).toBe(await fixed(freshTextOf(query), variables, bearer));
    }
    over = true;
    await Promise.all(readers);
    expect(mistakes).toEqual([]);
  });

  it('change with a write of the caller himself, and when a limit that was set before comes into force', async () => {
    const query = 'query ($code: String!) { account(code: $code) { requirement { quality qualityReasons } } }';
    const quality = async (text = query): Promise<string> =>
      (await world.ask(text, { code: 'A-02' })).data.account.requirement.quality as string;
    const set = async (cadenceMs: number, effectiveFrom: Date, idempotencyKey: string) => {
      const mutation = `mutation ($input: SetRiskControlsInput!) { setRiskControls(input: $input) { userErrors { code message } } }`;
      const input = { cadenceMs, effectiveFrom: effectiveFrom.toISOString(), idempotencyKey };
      expect((await world.ask(mutation, { input })).data.setRiskControls.userErrors).toEqual([]);
    };
    await warm(query, { code: 'A-02' });
    expect(await quality()).toBe('OK');
    const soon = new Date(Date.now() + 2_000);
    // Runs of this world were recorded more than two milliseconds ago, whatever day it is.
    await new Promise((resolve) => setTimeout(resolve, 10));
    await set(1_000, soon, 'soon');
    let asked = 0;
    for (; Date.now() < soon.getTime() - 200; asked += 1) expect(await quality()).toBe('OK');
    await new Promise((resolve) => setTimeout(resolve, soon.getTime() + 5 - Date.now()));
    expect([await quality(), await quality(freshTextOf(query))]).toEqual(['STALE', 'STALE']);
    expect(asked).toBeGreaterThan(0);
    await set(86_400_000, new Date(), 'at once');
    expect(await quality()).toBe('OK');
  });
});
