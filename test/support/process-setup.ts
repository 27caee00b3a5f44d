import path from 'node:path';

// Tests that start processes and databases wait for them; how long that takes is the machine's business, not the test's.
jest.setTimeout(60_000);

// Node processes that tests start find their modules ready compiled.
const quickStart = `--require ${JSON.stringify(path.join(__dirname, 'quick-start.cjs'))}`;
process.env['NODE_OPTIONS'] = [process.env['NODE_OPTIONS'], quickStart].filter(Boolean).join(' ');
