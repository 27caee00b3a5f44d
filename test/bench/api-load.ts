import autocannon from 'autocannon';

/** One operation under load. */
export interface Contestant {
  readonly name: string;
  readonly url: string;
  readonly token?: string;
  /** Bodies that are sent one after the other; connections begin at different places, so they ask for different things. */
  readonly bodies: readonly string[];
  /** Whether no two requests are the same: each takes one more variable, which the operation does not know. */
  readonly isUnique?: boolean;
}

/** Rates and times of one measurement. */
export interface Load {
  readonly perSecond: number;
  /** Answers altogether. */
  readonly answered: number;
  readonly p50: number;
  readonly p99: number;
  /** Answers other than 2xx, answers that carry errors, and broken connections. */
  readonly failed: number;
}

/** Requests made different so far. */
let turns = 0;

/**
 * Sends the operation for some seconds over some connections, each waiting for its answer before it asks again.
 *
 * @param plan.rate  requests per second of all connections together; as fast as they are answered when 0
 */
export async function putLoad(
  { url, token, bodies, isUnique = false }: Contestant,
  {
    seconds,
    connections,
    rate = 0,
  }: { readonly seconds: number; readonly connections: number; readonly rate?: number },
): Promise<Load> {
  const requests = bodies.map((body) => ({
    method: 'POST' as const,
    body,
    ...(isUnique
      ? {
          setupRequest: (request: object) => ({
            ...request,
            body: body.replace('"variables":{', `$&"turn":${(turns += 1)},`),
          }),
        }
      : {}),
  }));
  let client = 0;
  let refused = 0;
  const result = await autocannon({
    url: `${url}/graphql`,
    method: 'POST',
    connections,
    duration: seconds,
    ...(rate === 0 ? {} : { overallRate: rate }),
    headers: {
      'content-type': 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    requests,
    setupClient: (own) => {
      const start = Math.floor((client * requests.length) / connections);
      client += 1;
      own.setRequests([...requests.slice(start), ...requests.slice(0, start)]);
      own.on('body', (body: Buffer) => {
        if (body.includes('"errors":')) refused += 1;
      });
    },
  });
  const { requests: sent, latency, non2xx, errors } = result;
  return {
    perSecond: sent.average,
    answered: sent.total,
    p50: latency.p50,
    p99: latency.p99,
    failed: non2xx + errors + refused,
  };
}
