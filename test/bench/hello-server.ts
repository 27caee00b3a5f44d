import fastify from 'fastify';
import mercurius from 'mercurius';

/** The yardstick of the API bench: the same server and driver with one field, no database, no authentication. */
async function serveHello(): Promise<void> {
  const app = fastify();
  await app.register(mercurius, {
    schema: 'type Query { hello: String! }',
    resolvers: { Query: { hello: async () => 'world' } },
    jit: 0,
  });
  const address = await app.listen({ port: 0, host: '127.0.0.1' });
  process.stdout.write(`READY ${address}\n`);
}

serveHello().catch((error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exitCode = 1;
});
