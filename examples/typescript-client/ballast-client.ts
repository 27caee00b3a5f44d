import type { TypedDocumentString } from './generated/operations';

/** Where the service is and who asks. */
export interface BallastConnection {
  /** Origin of the service, for example `http://127.0.0.1:4000`. */
  readonly url: string;
  /** Bearer token; its claims decide the firm, the roles and perhaps the accounts. */
  readonly token: string;
}

/** The service answered that it will not, or not now. `code` is one of the closed list of the API. */
export class BallastError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly path: readonly (string | number)[] = [],
  ) {
    super(`${code}: ${message}`);
    this.name = 'BallastError';
  }
}

interface AnswerBody<Result> {
  readonly data?: Result | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions: { readonly code: string };
  }[];
}

const retriable = new Set([429, 503]);

/**
 * Asks one operation and returns its data, typed by the document.
 *
 * A refusal for the moment (429, 503) is asked again, three times at most, after the time the service names; a mutation
 * may be repeated as well, because its idempotency key gives the first result again.
 *
 * @throws BallastError with the code of the first error of the answer.
 */
export async function ask<Result, Variables>(
  { url, token }: BallastConnection,
  document: TypedDocumentString<Result, Variables>,
  variables: Variables,
): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    const response = await fetch(new URL('/graphql', url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query: document.toString(), variables }),
      signal: AbortSignal.timeout(10_000),
    });
    if (retriable.has(response.status) && attempt < 3) {
      await pause(Number(response.headers.get('retry-after') ?? attempt) * 1_000);
      continue;
    }
    const { data, errors = [] } = (await response.json()) as AnswerBody<Result>;
    const [first] = errors;
    if (first) throw new BallastError(first.extensions.code, first.message, first.path);
    if (data == null) throw new BallastError('UNAVAILABLE', `no data, HTTP ${response.status}`);
    return data;
  }
}

/** Reads a list to its end: `next` asks the page behind a cursor and says where the list goes on. */
export async function* everyPage<Row>(
  next: (after: string | null) => Promise<{
    readonly rows: readonly Row[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor?: string | null };
  }>,
): AsyncGenerator<Row> {
  let after: string | null = null;
  for (;;) {
    const { rows, pageInfo } = await next(after);
    yield* rows;
    if (!pageInfo.hasNextPage || pageInfo.endCursor == null) return;
    after = pageInfo.endCursor;
  }
}

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));
