import { isPrivateAddress, parseWebhookAddress } from './webhook-address';

describe('isPrivateAddress', () => {
  it.each([
    ...['0.0.0.0', '10.1.2.3', '100.64.0.1', '127.0.0.1', '169.254.169.254', '172.16.0.1', '172.31.255.255'],
    ...['192.168.1.1', '192.0.0.1', '198.18.0.1', '224.0.0.1', '255.255.255.255', '::', '::1', 'fc00::1', 'fd12::1'],
    ...[
      'fe80::1',
      'fe80::1%eth0',
      '::ffff:127.0.0.1',
      '::ffff:7f00:1',
      '64:ff9b::7f00:1',
      '2002:7f00:1::',
      'ff02::1',
      'x',
    ],
  ])('keeps out %s', (address) => {
    expect(isPrivateAddress(address)).toBe(true);
  });

  it.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700::1111', '::ffff:8.8.8.8'])('lets %s pass', (address) => {
    expect(isPrivateAddress(address)).toBe(false);
  });
});

describe('parseWebhookAddress', () => {
  it.each([
    ...['ftp://example.com', 'http://example.com', 'https://user:pw@example.com', 'https://example.com/#x', 'nonsense'],
    ...['https://127.0.0.1/', 'https://[::1]/', 'https://0x7f.1/', 'https://2130706433/', 'file:///etc/passwd'],
  ])('refuses %s', (text) => {
    expect(() => parseWebhookAddress(text, { allowPrivate: false })).toThrow(
      expect.objectContaining({ code: 'BAD_USER_INPUT', field: 'url' }),
    );
  });

  it('takes https, and http to the own network where that is allowed', () => {
    expect(parseWebhookAddress('https://example.com/a?b=1', { allowPrivate: false }).href).toBe(
      'https://example.com/a?b=1',
    );
    expect(parseWebhookAddress('http://10.0.0.1:8080/', { allowPrivate: true }).port).toBe('8080');
  });
});
