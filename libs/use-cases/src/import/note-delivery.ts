import { formatInstant } from '@ballast/domain';
import type { FileDelivery, FileDeliveryStore, TenantTransaction } from '@ballast/persistence';

/**
 * Records that a file came, and tells when its name came before with other content. A file that changed nothing and came
 * before is not recorded again.
 *
 * @returns warnings for the report
 */
export async function noteDelivery(
  deliveries: FileDeliveryStore,
  transaction: TenantTransaction,
  { changed, ...delivery }: FileDelivery & { readonly changed: boolean },
): Promise<string[]> {
  const earlier = await deliveries.findLatest(transaction, delivery);
  const isRepeat = earlier?.sha256 === delivery.sha256;
  if (!isRepeat || changed) await deliveries.record(transaction, delivery);
  if (earlier === null || isRepeat) return [];
  const known = `${formatInstant(earlier.knownAt)}, sha256 ${earlier.sha256.slice(0, 12)}`;
  return [`${delivery.fileName} came before with other content (${known}): what differs is recorded as a correction`];
}
