import type { LoggerService } from '@nestjs/common';
import type { FailureLog } from '../graphql/error-formatter';

/** Writes one line of JSON to standard error; line breaks inside values are escaped, so a line is always one entry. */
export function writeLogLine(entry: Readonly<Record<string, unknown>>): void {
  process.stderr.write(`${JSON.stringify({ time: new Date().toISOString(), ...entry })}\n`);
}

/** Logs defects with their stack, and outages with their reason; clients see neither. */
export const logFailure: FailureLog = ({ code, path, error }) => {
  const { message, stack, cause } = error instanceof Error ? error : new Error(String(error));
  const reason = cause instanceof Error ? cause.message : undefined;
  const isDefect = code === 'INTERNAL_SERVER_ERROR';
  writeLogLine({ level: 'error', code, path, message, reason, ...(isDefect ? { stack } : {}) });
};

/** The framework's warnings and errors; its progress reports and its copies of refused requests are left out. */
export const frameworkLog: LoggerService = {
  log: () => undefined,
  debug: () => undefined,
  verbose: () => undefined,
  warn: (message: unknown, ...rest: unknown[]) =>
    writeLogLine({ level: 'warn', context: rest.at(-1), message: String(message) }),
  error: (message: unknown, ...rest: unknown[]) => {
    const context = rest.at(-1);
    if (context === 'ExceptionsHandler') return;
    writeLogLine({ level: 'error', context, message: message instanceof Error ? message.stack : String(message) });
  },
};
