import fs from 'node:fs';
import path from 'node:path';
import type { FastifyInstance } from 'fastify';

interface Asset {
  readonly route: string;
  readonly file: () => string;
  readonly type: string;
}

const script = 'text/javascript; charset=utf-8';
const style = 'text/css; charset=utf-8';

/** The page and what it loads: our own three files, and the packages' ready-made bundles. Nothing comes from elsewhere. */
const assets: readonly Asset[] = [
  { route: '', file: () => ownFile('index.html'), type: 'text/html; charset=utf-8' },
  { route: '/page.css', file: () => ownFile('page.css'), type: style },
  { route: '/page.js', file: () => ownFile('page.js'), type: script },
  { route: '/examples.js', file: () => ownFile('examples.js'), type: script },
  { route: '/graphiql.css', file: () => packageFile('graphiql', 'graphiql.min.css'), type: style },
  { route: '/graphiql.js', file: () => packageFile('graphiql', 'graphiql.min.js'), type: script },
  { route: '/react.js', file: () => packageFile('react', 'umd/react.production.min.js'), type: script },
  { route: '/react-dom.js', file: () => packageFile('react-dom', 'umd/react-dom.production.min.js'), type: script },
];

/** The editor writes styles as it runs and embeds its fonts; everything else comes from this process. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Serves the GraphiQL editor at /graphiql; files are read when they are asked for. */
export function addGraphiqlRoutes(fastify: FastifyInstance): void {
  for (const { route, file, type } of assets) {
    fastify.get(`/graphiql${route}`, async (_request, reply) => {
      reply.header('content-security-policy', contentSecurityPolicy);
      reply.header('cache-control', route === '' ? 'no-cache' : 'max-age=3600');
      return reply.type(type).send(await fs.promises.readFile(file()));
    });
  }
  fastify.get('/', (_request, reply) => reply.redirect('/graphiql'));
}

function ownFile(name: string): string {
  return path.join(sourceFolder(), name);
}

function packageFile(name: string, file: string): string {
  return path.join(path.dirname(require.resolve(`${name}/package.json`)), file);
}

/** apps/api/graphiql of the checkout, seen from the sources as well as from dist/. */
function sourceFolder(): string {
  for (let folder = __dirname; folder !== path.dirname(folder); folder = path.dirname(folder)) {
    const candidate = path.join(folder, 'apps/api/graphiql');
    if (fs.existsSync(path.join(candidate, 'index.html'))) return candidate;
  }
  throw new Error(`apps/api/graphiql is not above ${__dirname}`);
}
