import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Role } from '@ballast/use-cases';
import { ConfigurationError } from '../api-config';
import { readOperationManifest, type RequestBody, resolveOperation } from './persisted-operations';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const listed = '{ accounts { totalCount } }';
const manifest = new Map([[sha256(listed), listed]]);
const ask = (body: RequestBody, role: Role = 'broker', list: typeof manifest | null = manifest) =>
  resolveOperation(body, { subject: 's', firmId: 'f', roles: [role] }, { manifest: list, adHocRoles: ['admin'] })
    ?.code ?? body.query;
const byHash = (sha256Hash: unknown, query?: string): RequestBody => ({
  ...(query === undefined ? {} : { query }),
  extensions: { persistedQuery: { sha256Hash } },
});

describe('resolveOperation', () => {
  it('answers what is listed, by hash and by text', () => {
    expect(ask(byHash(sha256(listed)))).toBe(listed);
    expect(ask(byHash(sha256(listed), listed))).toBe(listed);
    expect(ask({ query: listed })).toBe(listed);
  });

  it('refuses everything else, except to the roles that may', () => {
    expect(ask({ query: '{ __typename }' })).toBe('FORBIDDEN');
    expect(ask({ query: '{ __typename }' }, 'admin')).toBe('{ __typename }');
    expect(ask({ query: `${listed} ` })).toBe('FORBIDDEN');
    expect(ask({ query: '{ __typename }' }, 'broker', null)).toBe('{ __typename }');
  });

  it('takes no hash for a text that it is not of, and none that it does not know', () => {
    expect(ask(byHash(sha256(listed), '{ __typename }'))).toBe('BAD_USER_INPUT');
    expect(ask(byHash('ab'.repeat(32)))).toBe('PERSISTED_QUERY_NOT_FOUND');
    expect(ask(byHash(sha256('{ __typename }'), '{ __typename }'))).toBe('FORBIDDEN');
    for (const form of ['', 'ab', 5, {}, '__proto__']) expect(ask(byHash(form))).toBe('BAD_USER_INPUT');
  });
});

describe('readOperationManifest', () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'ballast-manifest-'));
  afterAll(() => fs.rmSync(folder, { recursive: true }));
  const read = (content: string) => {
    const file = path.join(folder, 'operations.json');
    fs.writeFileSync(file, content);
    return readOperationManifest(file);
  };

  it('reads hashes and texts', () => {
    expect([...read(JSON.stringify({ [sha256(listed)]: listed }))]).toEqual([[sha256(listed), listed]]);
  });

  it.each(['', '[]', 'null', '{"ab": "x"}', `{"${sha256('x')}": 5}`, `{"${sha256('x')}": "y"}`])(
    'refuses %s at boot',
    (content) => {
      expect(() => read(content)).toThrow(ConfigurationError);
    },
  );

  it('refuses a file that is not there', () => {
    expect(() => readOperationManifest(path.join(folder, 'none.json'))).toThrow(
      /^PERSISTED_OPERATIONS_FILE: expected a/,
    );
  });
});
