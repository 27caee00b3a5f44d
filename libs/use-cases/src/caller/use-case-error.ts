/** Why a use case refuses a caller; the outer layers map a code to a transport. */
export const useCaseErrorCodes = [
  'FORBIDDEN',
  'NOT_FOUND',
  'BAD_USER_INPUT',
  'CONFLICT',
  'SECOND_PERSON_REQUIRED',
  'UNAVAILABLE',
] as const;

export type UseCaseErrorCode = (typeof useCaseErrorCodes)[number];

/** A refusal by a use case; the message may be shown to the caller. */
export class UseCaseError extends Error {
  readonly code: UseCaseErrorCode;
  /** Path of the refused field in the caller's input, where one field is to blame. */
  readonly field: string | undefined;

  constructor(code: UseCaseErrorCode, message: string, field?: string) {
    super(message);
    this.name = 'UseCaseError';
    this.code = code;
    this.field = field;
  }
}
