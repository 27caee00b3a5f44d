import { GraphQLError } from 'graphql';
import { toClientError } from '../graphql/error-formatter';
import { safeStream } from './safe-stream';

function open(values: readonly (number | Error)[], expiresAt = Date.now() + 60_000) {
  const released: number[] = [];
  const logged: unknown[] = [];
  async function* source(): AsyncGenerator<number, void> {
    for (const value of values) {
      if (typeof value !== 'number') throw value;
      yield value;
    }
  }
  const stream = safeStream(source(), {
    field: 'count',
    expiresAt,
    toClientError: toClientError(({ error }) => logged.push(error)),
    release: () => released.push(1),
  });
  return { stream, released, logged };
}

describe('safeStream', () => {
  it('gives values under the name of the field and gives its place back at the end, once', async () => {
    const { stream, released } = open([1, 2]);
    const seen: unknown[] = [];
    for await (const value of stream) seen.push(value);
    await stream.return();
    expect(seen).toEqual([{ count: 1 }, { count: 2 }]);
    expect(released).toEqual([1]);
  });

  it('hides the words of a defect and logs them', async () => {
    const secret = new Error('password=hunter2 at postgres://owner:secret@db/ballast');
    const { stream, released, logged } = open([1, secret]);
    await stream.next();
    const failure: unknown = await stream.next().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(GraphQLError);
    expect(JSON.stringify(failure)).not.toMatch(/hunter2|secret/);
    expect((failure as GraphQLError).extensions['code']).toBe('INTERNAL_SERVER_ERROR');
    expect(logged).toEqual([secret]);
    expect(released).toEqual([1]);
  });
});
