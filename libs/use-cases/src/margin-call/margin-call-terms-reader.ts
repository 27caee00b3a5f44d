import { type MarginCallTerms, parseFirmControls } from '@ballast/buffer';
import type { Instant } from '@ballast/domain';
import { FirmControlsStore, type TenantTransaction } from '@ballast/persistence';
import { Injectable } from '@nestjs/common';

/** Reads the terms of margin calls that a firm has in force. */
@Injectable()
export class MarginCallTermsReader {
  constructor(private readonly controls: FirmControlsStore) {}

  async read(tx: TenantTransaction, at: Instant): Promise<MarginCallTerms> {
    const stored = await this.controls.findInEffect(tx, { asOf: at });
    return parseFirmControls(stored?.controls ?? {}, at).marginCalls;
  }
}
