import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import type { Principal } from '@ballast/use-cases';
import type { FastifyInstance } from 'fastify';
import type { RememberedTokens } from '../authentication/token';
import { type OperationPolicy, type RequestBody, resolveOperation } from '../http/persisted-operations';
import { type Charge, lateAnswer, noteCharged, queryDeadline } from '../http/request-bounds';
import { bearerTokenOf, endpointHeaders, graphqlPath, securityHeaders } from '../http/request-gate';
import type { ServiceMetrics } from '../metrics/service-metrics';
import {
  finishObserving,
  keepObserving,
  nameObserved,
  observe,
  type ObservedRequest,
  withinSpan,
} from '../telemetry/request-observer';
import type { Asked, HotPath, HotRequest } from './hot-path';

/** What the door asks before it answers: the same parts the general way asks. */
export interface DoorParts {
  readonly hotPath: HotPath;
  readonly tokens: Pick<RememberedTokens, 'find'>;
  readonly operations: OperationPolicy;
  readonly charge: Charge;
  readonly metrics: Pick<ServiceMetrics, 'observe'>;
  /** Longest body [bytes]. */
  readonly bodyLimit: number;
  readonly isDraining: () => boolean;
}

/** A request at the door. */
interface Visit {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly principal: Principal;
  /** [ms of `performance.now`] */
  readonly arrived: number;
  /** Lets the general way answer. */
  readonly goOn: () => void;
}

/** Forms of the type of a body that need no second look. */
const jsonTypes: ReadonlySet<string | undefined> = new Set(['application/json', 'application/json; charset=utf-8']);

/** Members of a body the endpoint knows; requests with others take the general way. */
const knownMembers: ReadonlySet<string> = new Set(['query', 'variables', 'operationName', 'extensions']);

/** Names the general way refuses in a body; it also refuses them where they are written in another way. */
const suspectNames = /__proto__|constructor|\\u00/i;

const fixedHeaders = [
  ...securityHeaders,
  ...endpointHeaders,
  ['content-type', 'application/json; charset=utf-8'] as const,
].flat();

/** Status told of a caller who left before his answer; never sent. */
const clientLeft = 499;

/** Bodies the door has read of requests that take the general way. */
const readBodies = new WeakMap<IncomingMessage, Buffer>();

/**
 * Answers hot operations before the framework has them: what it does for every request costs more than a kept answer. A
 * request is taken when its head is plain and its token remembered; it is answered when its operation has a plan. Form,
 * token, allow-list, permissions, cost, rate and deadline are asked of the same parts as on the general way. Whatever is not
 * plainly good goes on to the framework, with its body, so refusals have one form and one place.
 */
export function openHotDoor(fastify: FastifyInstance, parts: DoorParts): void {
  const { server } = fastify as { readonly server: Server };
  const [handle, ...others] = server.listeners('request') as RequestListener[];
  if (handle === undefined || others.length > 0) throw new Error('expected one listener of requests');
  fastify.addHook('preParsing', (request, _reply, payload, done) => {
    const body = readBodies.get(request.raw);
    done(null, body === undefined ? payload : streamOf(body));
  });
  server.off('request', handle);
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const principal = parts.isDraining() ? null : callerOf(request, parts);
    if (principal === null) return handle(request, response);
    const goOn = (): void => handle(request, response);
    receive({ request, response, principal, arrived: performance.now(), goOn }, parts);
  });
}

/** Who asks, where the head of the request is plain and the token remembered; null for all others. */
function callerOf(request: IncomingMessage, { tokens, bodyLimit }: DoorParts): Principal | null {
  const { method, url, headers } = request;
  if (method !== 'POST' || url !== graphqlPath || !jsonTypes.has(headers['content-type'])) return null;
  const length = headers['content-length'];
  if (length === undefined || !/^[1-9]\d{0,8}$/.test(length) || Number(length) > bodyLimit) return null;
  if (headers['content-encoding'] !== undefined || headers['transfer-encoding'] !== undefined) return null;
  if (headers.upgrade !== undefined || headers.expect !== undefined) return null;
  const token = bearerTokenOf(request);
  return token === null ? null : (tokens.find(token)?.principal ?? null);
}

/** Reads the body; a caller who leaves before its end is forgotten. */
function receive(visit: Visit, parts: DoorParts): void {
  const { request } = visit;
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('error', () => undefined);
  request.on('end', () => {
    const body = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
    const asked = readBody(body.toString(), visit.principal, parts.operations);
    const found = asked === null ? null : parts.hotPath.find(visit.principal, asked);
    if (found !== null) return void answer(visit, found, body, parts);
    readBodies.set(request, body);
    visit.goOn();
  });
}

/** What a body asks for; null when it is not of the plain form, or is refused. */
function readBody(text: string, principal: Principal, operations: OperationPolicy): Asked | null {
  if (suspectNames.test(text)) return null;
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof body !== 'object' || body === null) return null;
  for (const name of Object.keys(body)) if (!knownMembers.has(name)) return null;
  const { extensions } = body as RequestBody;
  if (extensions !== undefined && (typeof extensions !== 'object' || extensions === null || Array.isArray(extensions)))
    return null;
  return resolveOperation(body as RequestBody, principal, operations) === null ? (body as Asked) : null;
}

async function answer(visit: Visit, found: HotRequest, body: Buffer, parts: DoorParts): Promise<void> {
  const { request, response, principal, arrived } = visit;
  const observed = observe(request, arrived);
  // As on the general way the time to the answer does not count what a slow sender took.
  const complete = performance.now();
  nameObserved(observed, found.plan.operation);
  const giveBack = (): void => {
    readBodies.set(request, body);
    keepObserving(request, observed);
    visit.goOn();
  };
  const send = (status: number, text: string, headers: readonly string[] = []): void => {
    response.once('close', () => finishObserving(observed, { status, principal }, parts.metrics));
    sendAnswer(response, { status, text, headers: [...headOf(observed, parts), ...headers] });
  };
  /** The caller has left, or the deadline has answered him; who left is counted too. */
  const leave = (): void => {
    if (!response.headersSent) finishObserving(observed, { status: clientLeft, principal }, parts.metrics);
  };
  const isGone = (): boolean => response.destroyed || response.writableEnded;
  let deadline: NodeJS.Timeout | undefined;
  try {
    const { isExceeded } = await parts.charge(principal);
    if (isExceeded) return giveBack();
    noteCharged(request, complete);
    deadline = setTimeout(() => {
      if (!isGone()) send(lateAnswer.status, lateAnswer.body, lateAnswer.headers.flat());
    }, queryDeadline);
    const text = await withinSpan(observed, () => parts.hotPath.answer(found, isGone));
    if (isGone()) return leave();
    if (text !== null) return send(200, text);
    giveBack();
  } catch {
    if (isGone()) leave();
    else giveBack();
  } finally {
    clearTimeout(deadline);
  }
}

function headOf({ requestId }: ObservedRequest, { isDraining }: DoorParts): string[] {
  const head = [...fixedHeaders, 'x-request-id', requestId];
  if (isDraining()) head.push('connection', 'close');
  return head;
}

/** @param answer.text  each character stands for one byte */
function sendAnswer(
  response: ServerResponse,
  { status, text, headers }: { readonly status: number; readonly text: string; readonly headers: readonly string[] },
): void {
  response.writeHead(status, [...headers, 'content-length', String(text.length)]);
  response.end(text, 'latin1');
}

function streamOf(body: Buffer): Readable {
  return new Readable({
    read() {
      this.push(body);
      this.push(null);
    },
  });
}
