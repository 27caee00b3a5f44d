import 'reflect-metadata';
import fs from 'node:fs';
import path from 'node:path';
import { buildSchema as parseSchema } from 'graphql';
import { buildSchema } from './build-schema';
import { printReference } from './print-reference';

const page = path.resolve(__dirname, '../../../../docs/api.md');

describe('docs/api.md', () => {
  it('is what the schema says; run `npm run schema:write` after a change', async () => {
    expect(printReference(await buildSchema())).toBe(fs.readFileSync(page, 'utf8'));
  });
});

describe('printReference', () => {
  it('shows operations, arguments with defaults, values and deprecations', () => {
    const text = printReference(
      parseSchema(`
        "Reads." type Query {
          "Finds a | row." row("How many, at most 3." first: Int = 2): Row
        }
        "A row." type Row { "Old name." name: String @deprecated(reason: "use code, removed after 2027-01-01") state: State }
        "How it stands." enum State { "All is well." FINE }
        "What to add." input Add { "Exact amount." amount: Decimal! }
        "Exact decimal." scalar Decimal`),
    );
    expect(text).toContain('`row(first: Int = 2): Row`');
    expect(text).toContain('Finds a | row.');
    expect(text).toContain('| `first` | `Int = 2` | How many, at most 3. |');
    expect(text).toContain('| `name` | `String` | Old name. Deprecated: use code, removed after 2027-01-01 |');
    expect(text).toContain('| `FINE` | All is well. |');
    expect(text).toContain('| `amount` | `Decimal!` | Exact amount. |');
    expect(text.indexOf('## Query')).toBeLessThan(text.indexOf('## Objects'));
    expect(text).toContain('## Scalars\n\n### Decimal\n\nExact decimal.');
  });
});
