import { createHash, sign, verify } from 'node:crypto';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { contentHash } from '@ballast/persistence';
import type { ReportDocument } from '@ballast/use-cases';
import { openSigningKey, type SigningKey } from '../../../api/src/authentication/signing-key';

/** What shows later that a report is what this installation wrote. */
export interface ReportSeal {
  /** SHA-256 of the report's canonical JSON. */
  readonly sha256: string;
  /** Ed25519 over `ballast report <sha256>` by the key of the installation, base64url; null where it has no key. */
  readonly signature: string | null;
  /** SHA-256 of the public key (SPKI), base64url. */
  readonly key: string | null;
}

/** The key of the installation; null where the service never made one, because tokens come from an identity provider. */
export function findSigningKey(dataDir: string): SigningKey | null {
  return existsSync(path.join(dataDir, 'token-signing-key.pem')) ? openSigningKey(dataDir) : null;
}

export function sealReport(report: ReportDocument, key: SigningKey | null): ReportSeal {
  const sha256 = contentHash(report);
  if (key === null) return { sha256, signature: null, key: null };
  return { sha256, signature: sign(null, messageOf(sha256), key.privateKey).toString('base64url'), key: keyName(key) };
}

/** Why a sealed report is not what this installation wrote; null when it is. */
export function findForgery(report: ReportDocument, seal: ReportSeal, key: SigningKey | null): string | null {
  const sha256 = contentHash(report);
  if (seal.sha256 !== sha256) return `the content has the hash ${sha256}, the seal says ${seal.sha256}`;
  if (seal.signature === null) return 'it is not signed';
  if (key === null) return 'this installation has no key to check the signature with';
  if (seal.key !== keyName(key)) return `signed with the key ${seal.key}, this installation has ${keyName(key)}`;
  const isGenuine = verify(null, messageOf(sha256), key.publicKey, Buffer.from(seal.signature, 'base64url'));
  return isGenuine ? null : 'the signature is not that of the content';
}

function messageOf(sha256: string): Buffer {
  return Buffer.from(`ballast report ${sha256}`, 'utf8');
}

function keyName({ publicKey }: SigningKey): string {
  return createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64url');
}
