import { createPublicKey, createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

/** The Ed25519 key of this installation; tokens signed with it are accepted by this installation only. */
export interface SigningKey {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

const fileName = 'token-signing-key.pem';

/**
 * Reads the installation's signing key, or makes it at the first start. The file is readable by its owner only, and it
 * appears whole or not at all, so two processes that start together end up with one key.
 *
 * @param dataDir  existing folder of the installation
 */
export function openSigningKey(dataDir: string): SigningKey {
  const file = path.join(dataDir, fileName);
  if (!fs.existsSync(file)) createKeyFile(file);
  const privateKey = createPrivateKey(fs.readFileSync(file, 'utf8'));
  return { privateKey, publicKey: createPublicKey(privateKey) };
}

function createKeyFile(file: string): void {
  const { privateKey } = generateKeyPairSync('ed25519');
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  fs.writeFileSync(draft, privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600, flag: 'wx' });
  try {
    fs.linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    fs.rmSync(draft);
  }
}
