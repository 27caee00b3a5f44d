import http from 'node:http';

/** A server under attack. */
export interface Target {
  readonly url: string;
  /** A good token of firm ALPHA that may read everything of it. */
  readonly token: string;
  /** The same of another firm. */
  readonly otherToken: string;
  /** Another caller of ALPHA, whose allowance nobody else uses up. */
  readonly spareToken: string;
  /** Tokens nobody should accept, by variant. */
  readonly forged: ReadonlyMap<string, string>;
  /** What the server has logged so far. */
  readonly logs: () => string;
}

/** One attack of the public lists: what was found, or null. */
export interface Attack {
  readonly list: 'graphql-cop' | 'DVGA' | 'own' | 'token';
  readonly name: string;
  readonly check: (target: Target) => Promise<string | null>;
}

export interface Reply {
  readonly status: number;
  readonly text: string;
  readonly type: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- attacks look for anything in it
  readonly body: any;
}

/** Sends a request with a good token unless the headers say otherwise. */
export async function send(
  target: Target,
  init: RequestInit & { readonly path?: string; readonly headers?: Record<string, string> },
): Promise<Reply> {
  const { path = '/graphql', headers = {}, ...rest } = init;
  const all = { authorization: `Bearer ${target.token}`, 'content-type': 'application/json', ...headers };
  const response = await fetch(`${target.url}${path}`, { ...rest, headers: all });
  const text = await response.text();
  let body: unknown = null;
  try {
    body = JSON.parse(text);
  } catch {
    // Some findings are no JSON.
  }
  return { status: response.status, text, type: response.headers.get('content-type') ?? '', body };
}

/** Asks a GraphQL question. */
export function ask(target: Target, query: string, more: object = {}, headers: Record<string, string> = {}) {
  return send(target, { method: 'POST', body: JSON.stringify({ query, ...more }), headers });
}

/** Sends a request byte for byte, with a path that no client would leave as it is, or a header twice. */
export function sendRaw(
  target: Target,
  {
    path,
    headers,
    body,
    method = 'POST',
  }: {
    readonly path: string;
    readonly headers: Readonly<Record<string, string | string[]>>;
    readonly body?: string;
    readonly method?: string;
  },
): Promise<{ readonly status: number; readonly text: string }> {
  const { hostname, port } = new URL(target.url);
  return new Promise((resolve, reject) => {
    const request = http.request({ hostname, port, path, method, headers: { ...headers } }, (response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
    });
    request.on('error', reject);
    request.end(body);
  });
}

/** Places, statements and stacks that no answer may show. */
export const leak =
  /\bat (?:[\w.<>]+ \()?(?:\/|node:|file:)|node_modules|\/work\/|\/tmp\/|\.(?:ts|js):\d|SELECT |INSERT |relation "|constraint|pg_|Postgres|"stack|ECONN|call stack/i;

/** Whether an answer holds data. */
export const hasData = ({ body }: Pick<Reply, 'body'>): boolean =>
  body?.data != null && Object.values(body.data as object).some((value) => value !== null);

export const repeat = (count: number, text: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => text(index)).join(' ');
