import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';

/** A network of its own that is tied to this machine's by one cable, as another machine is. */
export interface NetworkNamespace {
  /** Address of this machine at the end of the cable; nothing else can be reached from the other end. */
  readonly hostAddress: string;
  /** Words before a command that make it run in the namespace, in the same process. */
  readonly enter: readonly string[];
  /** Unplugs the cable: what is sent is lost, and nobody is told. */
  readonly unplug: () => void;
  readonly plug: () => void;
  /** Removes it; processes that still run in it keep an unplugged network. */
  readonly close: () => void;
}

/** Opens a namespace. @returns why this machine or user cannot have one, as text */
export function openNetworkNamespace(): NetworkNamespace | string {
  if (process.platform !== 'linux') return `no network namespaces on ${process.platform}`;
  const token = randomBytes(3);
  const name = `ballast-${token.toString('hex')}`;
  const [near, far] = [`bl${token.toString('hex')}a`, `bl${token.toString('hex')}b`];
  // A /30 of 198.18.0.0/15, which RFC 2544 keeps for tests of networks.
  const base = `198.${18 + (token[0]! & 1)}.${token[1]!}`;
  const offset = token[2]! & 0xfc;
  const hostAddress = `${base}.${offset + 1}`;
  try {
    ip('netns', 'add', name);
  } catch (failure) {
    return `network namespaces are not permitted to this user or ip is missing (${firstLine(failure)})`;
  }
  const close = (): void => ip('netns', 'del', name);
  try {
    ip('link', 'add', near, 'type', 'veth', 'peer', 'name', far, 'netns', name);
    ip('addr', 'add', `${hostAddress}/30`, 'dev', near);
    ip('link', 'set', near, 'up');
    ip('-n', name, 'addr', 'add', `${base}.${offset + 2}/30`, 'dev', far);
    ip('-n', name, 'link', 'set', far, 'up');
  } catch (failure) {
    close();
    return `a pair of virtual interfaces is not permitted to this user (${firstLine(failure)})`;
  }
  return {
    hostAddress,
    enter: ['ip', 'netns', 'exec', name],
    // At the far end: the near one keeps its route, so that nothing meant for the namespace leaves this machine.
    unplug: () => ip('-n', name, 'link', 'set', far, 'down'),
    plug: () => ip('-n', name, 'link', 'set', far, 'up'),
    close,
  };
}

function ip(...words: readonly string[]): void {
  execFileSync('ip', words, { stdio: ['ignore', 'ignore', 'pipe'] });
}

function firstLine(failure: unknown): string {
  const { stderr, message } = failure as Error & { readonly stderr?: Buffer };
  return (stderr?.toString().trim() || message).split('\n', 1)[0] ?? '';
}
