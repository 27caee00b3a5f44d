/** One reason of the business for which an input is not taken. */
export interface InputRefusal {
  readonly code: 'NOT_FOUND' | 'BAD_USER_INPUT';
  /** Path of the member to blame, for example `positions.3.instrumentId`. */
  readonly field: string;
  readonly message: string;
}

/** An input that the business refuses, with every reason: nothing of it was stored, and its key is still free. */
export class InputRefusals extends Error {
  constructor(readonly refusals: readonly InputRefusal[]) {
    super(refusals.map(({ message }) => message).join('; '));
    this.name = 'InputRefusals';
  }
}
