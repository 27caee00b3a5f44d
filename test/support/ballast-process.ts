import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import path from 'node:path';

const entry = path.resolve(__dirname, '../../dist/apps/cli/src/main.js');

/** What a finished `ballast` command left behind. */
export interface CommandResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command line as a user would, in a process of its own. */
export function runBallast(
  words: readonly string[],
  environment: NodeJS.ProcessEnv,
  input?: string,
): Promise<CommandResult> {
  const child = spawn(process.execPath, [entry, ...words], { env: { ...process.env, ...environment } });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode, stdout, stderr }));
  });
}

/** A service in a process of its own, ready to answer. */
export interface RunningService {
  readonly url: string;
  readonly pid: number;
  /** What it has printed so far, on both streams. */
  readonly printed: () => string;
  /** A bearer token of the firm, signed by the service's own key. */
  readonly token: (claims: {
    readonly firm: string;
    readonly roles: readonly string[];
    readonly accounts?: readonly string[];
  }) => Promise<string>;
  readonly query: <Data>(text: string, variables: object, token: string) => Promise<{ data: Data; errors?: unknown }>;
  /** SIGTERM and wait for the end. */
  readonly stop: () => Promise<number | null>;
  /** SIGKILL and wait for the end. */
  readonly kill: () => Promise<void>;
}

/** Starts `ballast serve` or `ballast demo` and waits for its READY line. */
export async function startService(words: readonly string[], environment: NodeJS.ProcessEnv): Promise<RunningService> {
  const child = spawn(process.execPath, [entry, ...words], { env: { ...process.env, ...environment } });
  let printed = '';
  child.stderr.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.on('close', (code) => resolve(code)));
  const ready = new Promise<string>((resolve, reject) => {
    createInterface({ input: child.stdout }).on('line', (line) => {
      printed += `${line}\n`;
      const url = /^READY\b.*?(http:\/\/\S+)/.exec(line)?.[1];
      if (url !== undefined) resolve(new URL(url).origin);
    });
    void ended.then((code) => reject(new Error(`the service ended with ${code} before READY:\n${printed}`)));
  });
  const url = await ready;
  return {
    url,
    pid: child.pid as number,
    printed: () => printed,
    token: async ({ firm, roles, accounts }) => {
      const words = [
        'token',
        '--firm',
        firm,
        '--roles',
        roles.join(','),
        ...(accounts ? ['--accounts', accounts.join(',')] : []),
      ];
      const result = await runBallast(words, environment);
      if (result.exitCode !== 0) throw new Error(`no token: ${result.stderr}`);
      return result.stdout.trim();
    },
    query: async <Data>(text: string, variables: object, token: string) => {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ query: text, variables }),
      });
      return (await response.json()) as { data: Data; errors?: unknown };
    },
    stop: () => {
      child.kill('SIGTERM');
      return ended;
    },
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Splits a simple CSV text (no quotes) into rows by column name. */
export function parseDelimited(text: string): Record<string, string>[] {
  const [header = '', ...rows] = text.trimEnd().split('\n');
  const columns = header.split(',');
  return rows.map((row) => {
    const cells = row.split(',');
    return Object.fromEntries(columns.map((column, index) => [column, cells[index] ?? '']));
  });
}

/** Reads one cell; an absent row or column is a mistake of the test. */
export function rowOf(row: Record<string, string> | undefined, column: string): string {
  const cell = row?.[column];
  if (cell === undefined) throw new Error(`no cell ${column}`);
  return cell;
}
