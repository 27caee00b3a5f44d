// The thirteen checks of graphql-cop 1.x, with the finding each of them looks for.
import { ask, type Attack, hasData, leak, repeat, send } from './target';

const circle = `query cop { __schema { types { fields { type { fields { type { fields { type { fields { type { name } } } } } } } } } } }`;
const consolePaths = ['/', '/graphiql', '/playground', '/console', '/graphql', '/altair', '/voyager', '/sandbox'];

const found = (is: boolean, what: string): string | null => (is ? what : null);

export const graphqlCop: readonly Attack[] = [
  {
    list: 'graphql-cop',
    name: 'alias overloading, 101 aliases',
    check: async (target) => {
      const { body } = await ask(target, `{ ${repeat(101, (index) => `alias${index}: __typename`)} }`);
      return found(Object.keys(body?.data ?? {}).length === 101, 'all aliases were answered');
    },
  },
  {
    list: 'graphql-cop',
    name: 'array batching, 10 operations',
    check: async (target) => {
      const body = JSON.stringify(Array.from({ length: 10 }, () => ({ query: '{ __typename }' })));
      const reply = await send(target, { method: 'POST', body });
      return found(Array.isArray(reply.body) && reply.body.length === 10, 'all operations were answered');
    },
  },
  {
    list: 'graphql-cop',
    name: 'circular introspection',
    check: async (target) => found(hasData(await ask(target, circle)), 'the circle was walked'),
  },
  {
    list: 'graphql-cop',
    name: 'directive overloading, 10 unknown directives',
    check: async (target) => {
      const { body } = await ask(target, `{ __typename ${'@aa'.repeat(10)} }`);
      return found((body?.errors ?? []).length >= 10, 'one error per directive');
    },
  },
  {
    list: 'graphql-cop',
    name: 'field duplication, 500 times',
    check: async (target) => found(hasData(await ask(target, `{ ${'__typename '.repeat(500)} }`)), 'accepted'),
  },
  {
    list: 'graphql-cop',
    name: 'field suggestions',
    check: async (target) => {
      const replies = [await ask(target, '{ accountz { code } }'), await ask(target, '{ __schematic }')];
      return found(
        replies.some(({ text }) => /did you mean/i.test(text)),
        'the schema is told piece by piece',
      );
    },
  },
  {
    list: 'graphql-cop',
    name: 'mutation over GET',
    check: async (target) => {
      const path = `/graphql?query=${encodeURIComponent('mutation { __typename }')}`;
      return found(hasData(await send(target, { method: 'GET', path })), 'executed');
    },
  },
  {
    list: 'graphql-cop',
    name: 'query over GET',
    check: async (target) => {
      const path = `/graphql?query=${encodeURIComponent('query cop { __typename }')}`;
      return found(hasData(await send(target, { method: 'GET', path })), 'executed');
    },
  },
  {
    list: 'graphql-cop',
    name: 'GraphiQL or another console',
    check: async (target) => {
      for (const path of consolePaths) {
        const { text, type } = await send(target, { path, headers: { accept: 'text/html' } });
        if (type.includes('html') && /graphiql|graphql playground|altair|voyager|apollo/i.test(text))
          return `served at ${path}`;
      }
      return null;
    },
  },
  {
    list: 'graphql-cop',
    name: 'introspection',
    check: async (target) => {
      const replies = [
        await ask(target, '{ __schema { types { name fields { name } } } }'),
        await ask(target, '{ __type(name: "Query") { fields { name } } }'),
      ];
      return found(replies.some(hasData), 'the schema can be read');
    },
  },
  {
    list: 'graphql-cop',
    name: 'url-encoded POST',
    check: async (target) => {
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      const reply = await send(target, { method: 'POST', body: 'query=query+cop+%7B__typename%7D', headers });
      return found(hasData(reply), 'executed, so a foreign page can send it');
    },
  },
  {
    list: 'graphql-cop',
    name: 'trace mode',
    check: async (target) => {
      const { body } = await ask(target, '{ __typename }', {}, { 'apollo-federation-include-trace': 'ftv1' });
      return found(body?.extensions?.tracing != null || body?.extensions?.ftv1 != null, 'timings of resolvers');
    },
  },
  {
    list: 'graphql-cop',
    name: 'unhandled error',
    check: async (target) => {
      const { body, text } = await ask(target, 'qwerty cop { abc }');
      return found(body?.errors?.[0]?.extensions?.exception != null || leak.test(text), 'the error tells its place');
    },
  },
];
