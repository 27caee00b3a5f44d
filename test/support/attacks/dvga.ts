// The scenarios of Damn Vulnerable GraphQL Application, on the fields this service has.
import fs from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { ask, type Attack, hasData, leak, send, sendRaw, type Target } from './target';

const byCode = 'query ($x: String) { account(code: $x) { code name } }';
const found = (is: boolean, what: string): string | null => (is ? what : null);
const passwd = /root:.*:0:0:|"name": "ballast"/;

async function listenFor(action: (url: string) => Promise<unknown>): Promise<boolean> {
  let called = false;
  const server = http.createServer((_request, response) => {
    called = true;
    response.end('x');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  await action(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  await new Promise((resolve) => server.close(resolve));
  return called;
}

/** Puts a text into every argument that takes one. */
async function everywhere(target: Target, x: string): Promise<string> {
  const replies = [
    await ask(target, byCode, { variables: { x } }),
    await ask(target, 'query ($x: ID) { account(id: $x) { code } }', { variables: { x } }),
    await ask(target, 'query ($x: String) { accounts(filter: { search: $x }) { totalCount } }', { variables: { x } }),
  ];
  return replies.map(({ text }) => text).join('\n');
}

export const dvga: readonly Attack[] = [
  {
    list: 'DVGA',
    name: 'deep recursion',
    check: async (target) => {
      const query =
        '{ accounts { edges { node { requirement { run { snapshot { underlyings { forwards { price } } } } } } } } }';
      return found(hasData(await ask(target, query)), 'nine levels were walked');
    },
  },
  {
    list: 'DVGA',
    name: 'resource-intensive query',
    check: async (target) => {
      const query =
        '{ accounts(first: 500) { edges { node { positions(first: 500) { edges { node { quantity } } } } } } }';
      return found(hasData(await ask(target, query)), '250 000 rows were asked for and given');
    },
  },
  {
    list: 'DVGA',
    name: 'server-side request forgery by an argument',
    check: async (target) =>
      found(await listenFor((url) => everywhere(target, url)), 'the server fetched an address of the caller'),
  },
  {
    list: 'DVGA',
    name: 'stack trace',
    check: async (target) => {
      const texts = [await everywhere(target, '\u0000'), await everywhere(target, "'"), await everywhere(target, '{')];
      return texts.map((text) => leak.exec(text)?.[0]).find((hit) => hit !== undefined) ?? null;
    },
  },
  {
    list: 'DVGA',
    name: 'operating system command',
    check: async (target) => {
      const file = path.join(os.tmpdir(), `ballast-attack-${process.pid}-${Math.floor(performance.now())}`);
      for (const text of [`; touch ${file}`, `$(touch ${file})`, `| touch ${file}`]) await everywhere(target, text);
      const was = fs.existsSync(file);
      fs.rmSync(file, { force: true });
      return found(was, 'a command was run');
    },
  },
  {
    list: 'DVGA',
    name: 'script in an answer',
    check: async (target) => {
      const script = '<script>alert(1)</script>';
      const replies = [
        await ask(target, byCode, { variables: { x: script } }),
        await send(target, { path: `/${encodeURIComponent(script)}` }),
        await send(target, { path: `/graphql?query=${encodeURIComponent(script)}` }),
      ];
      return found(
        replies.some(({ text, type }) => type.includes('html') && text.includes(script)),
        'sent as a page',
      );
    },
  },
  {
    list: 'DVGA',
    name: 'log injection',
    check: async (target) => {
      const forged = 'forged: admin logged in';
      await ask(target, 'query attack { __typename }', { operationName: `x\r\n${forged}` });
      await ask(target, byCode, { variables: { x: `\n${forged}\n` } }, { 'user-agent': 'x', 'x-request-id': 'a b' });
      await send(target, { path: `/a%0d%0a${encodeURIComponent(forged)}` });
      return found(target.logs().split(/\r?\n/).includes(forged), 'a line of the log was written by the caller');
    },
  },
  {
    list: 'DVGA',
    name: 'SQL injection',
    check: async (target) => {
      const payloads = ["x' OR '1'='1", "x'; SELECT pg_sleep(1); --", "x') OR 1=1 --", 'x" OR ""="', "\\' OR 1=1 #"];
      for (const x of payloads) {
        const { body, text } = await ask(target, byCode, { variables: { x } });
        const list = await ask(target, 'query ($x: String) { accounts(filter: { search: $x }) { totalCount } }', {
          variables: { x },
        });
        if (body?.data?.account != null || leak.test(text)) return `${x}: found an account`;
        if ((list.body?.data?.accounts?.totalCount ?? 0) > 0 || leak.test(list.text)) return `${x}: found accounts`;
      }
      return null;
    },
  },
  {
    list: 'DVGA',
    name: 'interface bypass',
    check: async (target) => {
      const body = JSON.stringify({ query: '{ accounts { totalCount } }' });
      const headers = { 'content-type': 'application/json', 'content-length': String(body.length) };
      for (const place of [
        '/graphql/',
        '/graphql/batch',
        '/GRAPHQL',
        '//graphql',
        '/v1/graphql',
        '/graphiql',
        '/%67raphql',
        '/graphql;x=1',
        '/./graphql',
      ]) {
        // prettier-ignore
        const { text } = await sendRaw(target, { path: place, headers, body });
        if (text.includes('"totalCount":')) return `${place} answers without a token`;
      }
      return null;
    },
  },
  {
    list: 'DVGA',
    name: 'deny-list bypass by the name of the operation',
    check: async (target) => {
      for (const operationName of ['getAccounts', '__schema', 'IntrospectionQuery'])
        if (hasData(await ask(target, `query ${operationName} { __schema { types { name } } }`, { operationName })))
          return `${operationName} reads the schema`;
      return null;
    },
  },
  {
    list: 'DVGA',
    name: 'weak password',
    check: async (target) => {
      const query = 'mutation { login(username: "admin", password: "admin") { accessToken } }';
      const reply = await ask(target, query, {}, { authorization: 'Basic YWRtaW46YWRtaW4=' });
      return found(hasData(reply), 'admin/admin logs in');
    },
  },
  {
    list: 'DVGA',
    name: 'path traversal',
    check: async (target) => {
      const places = ['/graphiql/../../../../../../etc/passwd', '/graphiql/..%2f..%2f..%2f..%2f..%2f..%2fetc%2fpasswd',
        '/../../../../../../etc/passwd', '/graphiql/%2e%2e/%2e%2e/package.json', '/graphiql//etc/passwd']; // prettier-ignore
      for (const place of places) {
        const { text } = await sendRaw(target, { path: place, method: 'GET', headers: {} });
        if (passwd.test(text)) return place;
      }
      return found(passwd.test(await everywhere(target, '../../../../../../etc/passwd')), 'a file was read');
    },
  },
];
