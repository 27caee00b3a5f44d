import { UseCaseError } from './use-case-error';

const sentenceLengthMaximum = 1_000;

/**
 * Takes a text that a person has to write: one line, 1 to 1000 characters once the space around is cut.
 *
 * @throws UseCaseError 'BAD_USER_INPUT' naming the field
 */
export function requireSentence(text: string, field: string): string {
  const sentence = text.trim();
  if (
    sentence.length >= 1 &&
    sentence.length <= sentenceLengthMaximum &&
    !/[\u0000-\u001f\u007f-\u009f]/.test(sentence)
  )
    return sentence;
  const rule = `one line of 1 to ${sentenceLengthMaximum} characters`;
  throw new UseCaseError('BAD_USER_INPUT', `${field}: expected ${rule}`, field);
}

/**
 * Checks a client-chosen idempotency key: 1 to 128 characters without control characters and without space around.
 *
 * @throws UseCaseError 'BAD_USER_INPUT'
 */
export function requireIdempotencyKey(key: string): string {
  if (key.length >= 1 && key.length <= 128 && key === key.trim() && !/[\u0000-\u001f\u007f-\u009f]/.test(key))
    return key;
  const rule = '1 to 128 characters without control characters and without space around';
  throw new UseCaseError('BAD_USER_INPUT', `idempotencyKey: expected ${rule}`, 'idempotencyKey');
}
