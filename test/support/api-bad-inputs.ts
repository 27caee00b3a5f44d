import { type Answer, type ApiWorld, openApiWorld } from './api-world';
import { leak } from './attacks/target';
import { countRowsOfCallers } from './bad-inputs';

/** A caller of the real server who keeps every answer for the search for leaks at the end. */
export interface Counter {
  readonly world: ApiWorld;
  readonly ask: (query: string, variables?: object, token?: string) => Promise<Answer>;
  /** Sends a body as it is. */
  readonly post: (body: RequestInit['body'], headers?: Record<string, string>) => Promise<Answer>;
  /** Records a balance with one value of the input changed. */
  readonly pay: (change: object) => Promise<Answer>;
  /** The same with a value that only JSON text can say. */
  readonly payRaw: (field: string, json: string) => Promise<Answer>;
  readonly seen: Answer[];
  readonly close: () => Promise<void>;
}

/** One bad input over HTTP: its number in the list, and what must be answered. */
export interface ApiBadInput {
  readonly item: number;
  readonly what: string;
  readonly send: (counter: Counter) => Promise<Answer>;
  /** Code of the first error. */
  readonly code?: string;
  /** Code of the first refusal told as data. */
  readonly refusal?: string;
  /** The list accepts it: no error, and the data hold this. */
  readonly accepted?: object;
  readonly status?: number;
}

const recordBalance = `mutation ($input: RecordBalanceInput!) { recordBalance(input: $input) {
  balance { currency amount } userErrors { code field message } } }`;

export async function openCounter(): Promise<Counter> {
  const world = await openApiWorld();
  const admin = await world.token({ roles: ['admin'] });
  const seen: Answer[] = [];
  const keep = async (answer: Promise<Answer>) => {
    seen.push(await answer);
    return answer;
  };
  let key = 0;
  const input = () => ({
    idempotencyKey: `bad-${(key += 1)}`,
    accountCode: 'A-01',
    currency: 'USD',
    amount: '1000',
    valueAt: '2026-11-01T00:00:00Z',
    reason: 'statement',
  });
  const post: Counter['post'] = (body, headers = {}) =>
    keep(
      world.send({
        method: 'POST',
        body: body ?? null,
        headers: { 'content-type': 'application/json', authorization: `Bearer ${admin}`, ...headers },
      }),
    );
  return {
    world,
    seen,
    ask: (query, variables = {}, token = admin) => keep(world.ask(query, variables, token)),
    post,
    pay: (change) => keep(world.ask(recordBalance, { input: { ...input(), ...change } }, admin)),
    payRaw: (field, json) => {
      const text = JSON.stringify({ query: recordBalance, variables: { input: { ...input(), [field]: '@' } } });
      return post(text.replace('"@"', json));
    },
    close: world.close,
  };
}

/** Sends one bad input: it is refused with its code and no table has a row more or less, or accepted as the list says. */
export async function proveApiBadInput(counter: Counter, input: ApiBadInput): Promise<void> {
  const { database } = counter.world;
  const before = await countRowsOfCallers(database);
  const { status, data, errors } = await input.send(counter);
  const refusals = Object.values((data ?? {}) as Record<string, { userErrors?: { code: string }[] } | null>).flatMap(
    (value) => value?.userErrors ?? [],
  );
  const outcome = { status, code: errors[0]?.extensions.code, refusal: refusals[0]?.code };
  if (input.accepted !== undefined) {
    expect({ ...outcome, data: data as object }).toMatchObject({ status: 200, data: input.accepted });
    expect([outcome.code, outcome.refusal]).toEqual([undefined, undefined]);
    return;
  }
  const { code, refusal } = input;
  expect(outcome).toEqual({ status: input.status ?? (refusal === undefined ? 400 : 200), code, refusal });
  expect(await countRowsOfCallers(database)).toEqual(before);
}

/** No answer may be a defect, or tell how the service is built. */
export function proveNothingLeaked({ seen }: Counter): void {
  for (const { status, text } of seen) {
    expect([status < 500, leak.exec(text)?.[0] ?? null]).toEqual([true, null]);
    expect(text).not.toContain('INTERNAL_SERVER_ERROR');
    expect(text.length).toBeLessThan(20_000);
  }
}

/** Title of a row for jest. */
export function apiTitleOf({ item, what, accepted }: ApiBadInput): string {
  return `${item} ${what}${accepted === undefined ? '' : ' (accepted)'}`;
}
