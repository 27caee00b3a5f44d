// How a command ends: the exit codes of the contract, and the code of every kind of failure.

export const exitCodes = {
  ok: 0,
  internal: 1,
  usage: 2,
  dataRejected: 3,
  unavailable: 4,
  held: 5,
  configuration: 78,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** A command that ends with a stated code; the message goes to stderr. */
export class CommandFailure extends Error {
  constructor(
    readonly exitCode: ExitCode,
    message: string,
  ) {
    super(message);
    this.name = 'CommandFailure';
  }
}

/** Codes of the errors of the layers below that are not the fault of the data. */
const exitCodeByErrorCode: Readonly<Record<string, ExitCode>> = {
  POSTGRES_NOT_FOUND: exitCodes.unavailable,
  POSTGRES_NOT_STARTED: exitCodes.unavailable,
  LOCK_TIMEOUT: exitCodes.unavailable,
  UNAVAILABLE: exitCodes.unavailable,
  ENOSPC: exitCodes.unavailable,
  EADDRINUSE: exitCodes.unavailable,
  RUN_NOT_OPEN: exitCodes.held,
  POSTGRES_VERSION_MISMATCH: exitCodes.configuration,
  PLATFORM_UNSUPPORTED: exitCodes.configuration,
  CONFIGURATION_INVALID: exitCodes.configuration,
  ROLE_UNSAFE: exitCodes.configuration,
  TABLE_UNPROTECTED: exitCodes.configuration,
  SCHEMA_MISMATCH: exitCodes.configuration,
};
/** Error classes whose every other code is a refusal of data. */
const refusalNames = ['FileRefusal', 'DomainError', 'UseCaseError', 'PersistenceError', 'PricingInputError'];
const helpCodes = ['commander.help', 'commander.helpDisplayed', 'commander.version'];

/**
 * Tells the exit code of a failure. Errors are told by name and code, not by class, so that a command without a
 * database need not load one to know its errors.
 */
export function exitCodeOf(error: unknown): ExitCode {
  if (!(error instanceof Error)) return exitCodes.internal;
  const { code, exitCode } = error as { code?: unknown; exitCode?: unknown };
  if (typeof code === 'string' && code.startsWith('commander.')) {
    return helpCodes.includes(code) ? exitCodes.ok : exitCodes.usage;
  }
  const stated = Object.values(exitCodes).find((known) => known === exitCode);
  if (stated !== undefined) return stated;
  const byCode = typeof code === 'string' ? exitCodeByErrorCode[code] : undefined;
  return byCode ?? (refusalNames.includes(error.name) ? exitCodes.dataRejected : exitCodes.internal);
}

/** What stderr says of a failure: nothing when it was said already, the message, or for a bug the stack. */
export function describeFailure(error: unknown): string {
  const code = exitCodeOf(error);
  if (!(error instanceof Error)) return `internal error: ${String(error)}`;
  // Commander has written its own message by then.
  if (String((error as { code?: unknown }).code).startsWith('commander.')) return '';
  return code === exitCodes.internal ? `internal error: ${error.stack ?? error.message}` : error.message;
}
