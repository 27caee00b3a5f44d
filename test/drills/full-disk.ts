import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type Drill, requireThat } from './drill';
import { openServiceDesk, type ServiceDesk } from './service-desk';

const volumeMegabytes = 200;
/** What the server has left when the drill begins; less than it needs for long. */
const leftMegabytes = 4;
const writesMaximum = 4_000;

/** The volume of the record fills up under a service that writes, and is given space again. */
export const fullDisk: Drill = {
  id: 'FD-08',
  title: `disk full: the record on a volume of ${volumeMegabytes} MB`,
  promise: 'writes are refused as UNAVAILABLE, none that was acknowledged is lost, and all goes on when there is space',
  run: async () => {
    const mount = fs.mkdtempSync(path.join(os.tmpdir(), 'ballast-full-'));
    const refusal = mountVolume(mount);
    if (refusal !== null) {
      fs.rmSync(mount, { recursive: true, force: true });
      return { figures: '', skipped: refusal };
    }
    let desk: ServiceDesk | null = null;
    try {
      desk = await openServiceDesk(mount);
      if (!desk.serverFolder.startsWith(fs.realpathSync(mount)))
        return { figures: '', skipped: `the server keeps its data outside of the volume, in ${desk.serverFolder}` };
      return await fillVolume(desk, mount);
    } finally {
      await desk?.close();
      execFileSync('umount', ['-l', mount]);
      fs.rmSync(mount, { recursive: true, force: true });
    }
  },
};

/** @returns why no volume can be mounted here; null when it was */
function mountVolume(folder: string): string | null {
  if (process.platform !== 'linux') return `no tmpfs on ${process.platform}`;
  try {
    const options = `size=${volumeMegabytes}m,mode=755`;
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder], { stdio: 'ignore' });
    return null;
  } catch {
    return 'mounting a tmpfs is not permitted to this user';
  }
}

async function fillVolume(desk: ServiceDesk, mount: string): Promise<{ readonly figures: string }> {
  let amount = 0;
  await desk.insist((amount += 1), 10_000);
  const ballast = path.join(mount, 'ballast');
  const { bavail, bsize } = fs.statfsSync(mount);
  fs.writeFileSync(ballast, Buffer.alloc(Math.max(0, bavail * bsize - leftMegabytes * 1_048_576)));
  let refused = 0;
  for (let tries = 0; tries < writesMaximum && refused < 3; tries += 1) refused += (await desk.record((amount += 1))) ? 0 : 1; // prettier-ignore
  requireThat(refused === 3, `${writesMaximum} writes fitted into ${leftMegabytes} MB`);
  const before = desk.acknowledged();
  fs.rmSync(ballast);
  const healed = await desk.insist((amount += 1), 30_000);
  await desk.requireDurable();
  const figures = `${before} writes acknowledged before the disk was full, 0 lost; acknowledged again ${(healed / 1_000).toFixed(1)} s after there was space`;
  return { figures };
}
