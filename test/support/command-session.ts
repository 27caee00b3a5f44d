import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { CommandResult } from './ballast-process';
import type { DrivenCommand } from './command-driver';

/** Commands of the built command line that share one process. */
export interface CommandSession {
  /** Runs a command after those before it: exit code and output are those of `runBallast`. */
  readonly ballast: (...words: string[]) => Promise<CommandResult>;
  readonly close: () => Promise<void>;
}

/**
 * Starts one process for many commands. What a process of its own proves (signals, streams that break, start and end)
 * needs `runBallast`.
 */
export function openCommandSession(environment: NodeJS.ProcessEnv): CommandSession {
  const driver = path.resolve(__dirname, '../../dist/test/support/command-driver.js');
  const child = spawn(process.execPath, [driver], {
    env: { ...process.env, ...environment },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  let last: Promise<unknown> = Promise.resolve();
  return {
    ballast: (...words) => {
      const next = last.then(async () => {
        const command: DrivenCommand = { words };
        child.stdin.write(`${JSON.stringify(command)}\n`);
        const { value, done } = await answers.next();
        if (done === true) throw new Error(`the process ended in ballast ${words.join(' ')}`);
        return JSON.parse(value) as CommandResult;
      });
      last = next.catch(() => undefined);
      return next;
    },
    close: async () => {
      child.stdin.end();
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}
