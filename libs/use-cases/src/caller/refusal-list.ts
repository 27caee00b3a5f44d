import { type InputRefusal, InputRefusals } from './input-refusals';

/** Collects why an input is not taken, so that a client learns every reason at once. */
export class RefusalList {
  private readonly refusals: InputRefusal[] = [];

  /** @param field  path of the member to blame, for example `quotes.3.instrumentId` */
  add(field: string, message: string, code: InputRefusal['code'] = 'BAD_USER_INPUT'): void {
    this.refusals.push({ code, field, message });
  }

  /** @throws InputRefusals when there is a reason */
  refuseIfAny(): void {
    if (this.refusals.length > 0) throw new InputRefusals(this.refusals);
  }
}
