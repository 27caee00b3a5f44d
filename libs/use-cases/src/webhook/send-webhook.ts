import { createHmac } from 'node:crypto';
import { lookup } from 'node:dns';
import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import type { LookupFunction } from 'node:net';
import { isPrivateAddress, parseWebhookAddress } from './webhook-address';

/** What is sent, and how. */
export interface WebhookMessage {
  readonly url: string;
  readonly secret: string;
  /** Stays the same over all attempts, so that a receiver knows a repetition. */
  readonly id: string;
  readonly kind: string;
  readonly body: string;
  /** Seconds since 1970 of this attempt. */
  readonly timestamp: number;
  readonly timeoutMs: number;
  /** Lets messages go to http and to private addresses: for receivers inside the operator's own network. */
  readonly allowPrivate: boolean;
}

/** HMAC-SHA256 over `<timestamp>.<body>` in hexadecimal digits: what a receiver recomputes and compares. */
export function signWebhook(secret: string, timestamp: number, body: string): string {
  return createHmac('sha256', secret).update(`${timestamp}.${body}`, 'utf8').digest('hex');
}

/**
 * Sends one message and waits for the answer's status; nothing of the answer's body is read, no redirect is followed. The
 * address is looked at after it was resolved and the connection goes to that very address, so that a name cannot change
 * between the look and the connection.
 *
 * @returns status of the answer, 100…599
 * @throws Error with a short reason: refused address, timeout, broken connection
 */
export function sendWebhook(message: WebhookMessage): Promise<number> {
  const url = parseWebhookAddress(message.url, message);
  const { timestamp, body, timeoutMs } = message;
  const request = url.protocol === 'https:' ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const sent = request(url, {
      method: 'POST',
      agent: false,
      lookup: guardedLookup(message.allowPrivate),
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'user-agent': 'ballast-webhooks',
        'ballast-notification-id': message.id,
        'ballast-notification-kind': message.kind,
        'ballast-timestamp': String(timestamp),
        'ballast-signature': `v1=${signWebhook(message.secret, timestamp, body)}`,
      },
    });
    sent.on('response', (response) => {
      response.destroy();
      resolve(response.statusCode ?? 0);
    });
    sent.on('error', (failure: NodeJS.ErrnoException) => {
      const timedOut = failure.name === 'TimeoutError' || failure.name === 'AbortError';
      reject(new Error(timedOut ? `no answer within ${timeoutMs} ms` : (failure.code ?? failure.message)));
    });
    sent.end(body);
  });
}

function guardedLookup(allowPrivate: boolean): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (failure, addresses) => {
      if (failure !== null) return callback(failure, '', 4);
      const refused = allowPrivate ? undefined : addresses.find(({ address }) => isPrivateAddress(address));
      const [first] = addresses;
      if (refused !== undefined || first === undefined)
        return callback(new Error('the name leads to a private address'), '', 4);
      if (options.all === true) return (callback as unknown as (e: null, a: typeof addresses) => void)(null, addresses);
      return callback(null, first.address, first.family);
    });
  };
}
