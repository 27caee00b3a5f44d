import { isIP } from 'node:net';
import { UseCaseError } from '../caller/use-case-error';

/**
 * Takes the address of a webhook: http or https, no user in it, no fragment.
 *
 * @throws UseCaseError 'BAD_USER_INPUT'
 */
export function parseWebhookAddress(text: string, { allowPrivate }: { readonly allowPrivate: boolean }): URL {
  const url = URL.canParse(text) ? new URL(text) : null;
  const refusal = (rule: string): UseCaseError => new UseCaseError('BAD_USER_INPUT', `url: expected ${rule}`, 'url');
  if (url === null || text.length > 2_000) throw refusal('an address such as https://example.com/hook');
  if (url.protocol !== 'https:' && !(allowPrivate && url.protocol === 'http:'))
    throw refusal('https; http only where private addresses are allowed');
  if (url.username !== '' || url.password !== '' || url.hash !== '') throw refusal('no user, password or fragment');
  const host = url.hostname.replace(/^\[|\]$/g, '');
  if (!allowPrivate && isIP(host) !== 0 && isPrivateAddress(host)) throw refusal('no private address');
  return url;
}

/**
 * Tells whether an IP address leads into the machine or the operator's own network: loopback, private, link-local (cloud
 * metadata), carrier-grade NAT, benchmarking, multicast, reserved, unspecified, unique local, and IPv4 inside IPv6.
 */
export function isPrivateAddress(address: string): boolean {
  const version = isIP(address);
  if (version === 4) return isPrivateIpv4(address);
  if (version !== 6) return true;
  const groups = ipv6Groups(address.toLowerCase().split('%')[0] ?? '');
  const [first = 0, second = 0] = groups;
  const embedded = `${(groups[6] ?? 0) >> 8}.${(groups[6] ?? 0) & 255}.${(groups[7] ?? 0) >> 8}.${(groups[7] ?? 0) & 255}`;
  const leading = groups.slice(0, 5).every((group) => group === 0);
  if (leading && (groups[5] === 0xffff || groups[5] === 0)) return groups[5] === 0 || isPrivateIpv4(embedded);
  if (first === 0x64 && second === 0xff9b) return true;
  // Global unicast is 2000::/3; inside it 6to4, Teredo and documentation lead elsewhere.
  if ((first & 0xe000) !== 0x2000) return true;
  return first === 0x2002 || (first === 0x2001 && (second === 0 || second === 0xdb8));
}

function isPrivateIpv4(address: string): boolean {
  const [a = 0, b = 0, c = 0] = address.split('.').map(Number);
  if (a === 0 || a === 10 || a === 127 || a >= 224) return true;
  if (a === 100 && b >= 64 && b <= 127) return true;
  if (a === 169 && b === 254) return true;
  if (a === 172 && b >= 16 && b <= 31) return true;
  if (a === 192 && (b === 168 || (b === 0 && (c === 0 || c === 2)))) return true;
  if (a === 198 && (b === 18 || b === 19 || (b === 51 && c === 100))) return true;
  return a === 203 && b === 0 && c === 113;
}

function ipv6Groups(address: string): number[] {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  const text =
    dotted === null
      ? address
      : `${dotted[1]}${((Number(dotted[2]) << 8) | Number(dotted[3])).toString(16)}:${((Number(dotted[4]) << 8) | Number(dotted[5])).toString(16)}`;
  const [head = '', tail] = text.split('::');
  const parse = (part: string): number[] => (part === '' ? [] : part.split(':').map((group) => parseInt(group, 16)));
  if (tail === undefined) return parse(head);
  const [left, right] = [parse(head), parse(tail)];
  return [...left, ...new Array<number>(8 - left.length - right.length).fill(0), ...right];
}
