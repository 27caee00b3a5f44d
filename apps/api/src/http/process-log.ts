import type { LoggerService } from '@nestjs/common';
import pino from 'pino';
import type { FailureLog } from '../graphql/error-formatter';

/** How much the process tells, from everything to nothing. */
export const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** Keys whose values never reach a log, at the first three levels of an entry. */
const secretKeys = ['authorization', 'cookie', 'token', 'password', 'secret', 'positions', 'variables'];

/** Credentials inside an address, wherever they are written. */
const addressCredentials = /(\w+:\/\/)[^\s/@:]+:[^\s/@]+@/g;

const log = pino(
  {
    level: 'warn',
    base: null,
    messageKey: 'message',
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (level) => ({ level }) },
    redact: { paths: secretKeys.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]), censor: '[redacted]' },
  },
  pino.destination({ fd: 2, sync: true }),
);

/** Sets from which level on lines are written; `warn` until then. */
export function setLogLevel(level: LogLevel): void {
  log.level = level;
}

/**
 * Writes one line of JSON to standard error; line breaks inside values are escaped, so a line is always one entry.
 * Values under secret keys and credentials in addresses are replaced by `[redacted]`.
 */
export function writeLogLine(
  entry: Readonly<Record<string, unknown>> & { readonly level: Exclude<LogLevel, 'silent'> },
): void {
  const { level, message, ...rest } = entry;
  if (!log.isLevelEnabled(level)) return;
  const shown = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, withoutCredentials(value)]));
  log[level](shown, withoutCredentials(message === undefined ? '' : String(message)) as string);
}

function withoutCredentials(value: unknown): unknown {
  return typeof value === 'string' ? value.replace(addressCredentials, '$1[redacted]@') : value;
}

/** Logs defects with their stack, and outages with their reason; clients see neither. */
export const logFailure: FailureLog = ({ code, path, count, error }) => {
  const { message, stack, cause } = error instanceof Error ? error : new Error(String(error));
  const reason = cause instanceof Error ? cause.message : undefined;
  const isDefect = code === 'INTERNAL_SERVER_ERROR';
  writeLogLine({ level: 'error', code, path, count, message, reason, ...(isDefect ? { stack } : {}) });
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
