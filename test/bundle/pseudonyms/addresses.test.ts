import { isIPv4, isIPv6 } from 'node:net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AddressPseudonyms } from '../../../src/bundle/pseudonyms/addresses.js';

/** Replaces the addresses of a text. */
function hidden(text: string, order: 'little' | 'big' = 'little', kept: string[] = []): string {
  const addresses = new AddressPseudonyms(new Set(kept));
  addresses.reserve(text, order);
  addresses.note(text, order);
  return addresses.replace(text, order);
}

const octet = fc.nat(255);
/** Any address that means a host: neither loopback, nor a netmask, nor a pseudonym already. */
const host4 = fc
  .tuple(octet, octet, octet, octet)
  .filter(([a, b]) => a !== 0 && a !== 127 && a < 224 && !(a === 198 && (b === 18 || b === 19)))
  .map((parts) => parts.join('.'));
const host6 = fc
  .array(fc.nat(0xffff), { minLength: 8, maxLength: 8 })
  .filter(([a = 0, b]) => a > 0 && a < 0xff00 && !(a === 0x2001 && b === 0xdb8))
  .map((words) => words.map((word) => word.toString(16)).join(':'));

const hexOf = (address: string, order: 'little' | 'big') => {
  const bytes = address.split('.').map((part) => Number(part).toString(16).toUpperCase().padStart(2, '0'));
  return (order === 'little' ? bytes.reverse() : bytes).join('');
};

describe('pseudonyms of addresses', () => {
  it('are as many as the addresses, valid, and of the networks that nobody routes', () => {
    fc.assert(
      fc.property(fc.uniqueArray(host4, { maxLength: 60 }), (addresses) => {
        const given = hidden(addresses.join(' ')).split(' ').filter(Boolean);
        expect(new Set(given).size).toBe(addresses.length);
        for (const one of given) {
          expect(isIPv4(one)).toBe(true);
          expect(one).toMatch(/^198\.1[89]\./);
        }
      }),
    );
  });

  it('keep the network of 24 bits, and are a network or a broadcast address only where the address was', () => {
    const near = fc
      .tuple(fc.constantFrom('10.0.0', '10.0.1', '192.168.7'), octet)
      .map(([net, last]) => `${net}.${last}`);
    fc.assert(
      fc.property(fc.uniqueArray(near, { minLength: 1, maxLength: 300 }), (addresses) => {
        const given = hidden(addresses.join(' ')).split(' ');
        const nets = new Map<string, string>();
        for (const [at, address] of addresses.entries()) {
          const [net, last] = [address.replace(/\.\d+$/, ''), address.replace(/^.*\./, '')];
          const [otherNet = '', otherLast] = [given[at]?.replace(/\.\d+$/, ''), given[at]?.replace(/^.*\./, '')];
          expect(nets.get(net) ?? otherNet).toBe(otherNet);
          nets.set(net, otherNet);
          if (last === '0' || last === '255') expect(otherLast).toBe(last);
          else expect(['0', '255']).not.toContain(otherLast);
        }
        expect(new Set(nets.values()).size).toBe(nets.size);
      }),
    );
  });

  it.each(['little', 'big'] as const)('are the same in every form, as a %s-endian machine writes them', (order) => {
    fc.assert(
      fc.property(host4, (address) => {
        const hex = hexOf(address, order);
        const form = (one: string, digits: string) =>
          [
            `${one}/24 ${one}:80 [${one}] ${one}. /dev/tcp/${one}/5432 ::ffff:${one} ip-${one.replaceAll('.', '-')}`,
            `   0: ${digits}:1538 00000000:0000 0A`,
            `   1: 0000000000000000${order === 'little' ? 'FFFF0000' : '0000FFFF'}${digits}:0050 00000000`,
            `${one}.5432 > x`,
          ].join('\n');
        const given = hidden(address);
        expect(hidden(form(address, hex), order)).toBe(form(given, hexOf(given, order)));
      }),
    );
  });

  it('are the same as bare digits, whichever end came first', () => {
    const lopsided = host4.filter((one) => hexOf(one, 'little') !== hexOf(one, 'big'));
    const bare = (one: string) => `${one} x=${hexOf(one, 'little')} y=${hexOf(one, 'big')};`;
    fc.assert(
      fc.property(lopsided, (address) => {
        const low = hidden(bare(address).toLowerCase());
        expect(hidden(bare(address))).toBe(bare(hidden(address)));
        expect(low.toLowerCase()).toBe(bare(hidden(address)).toLowerCase());
      }),
    );
    expect(hidden('10.0.0.172 ac00000a 0A0000AC')).toBe('198.18.1.1 010112c6 C6120101');
  });

  it('change nothing the second time', () => {
    const any = fc.array(
      fc.oneof(host4, host6, fc.constantFrom('198.18.1.1', '198.18.3.9', '2001:db8:0:1::1', '240.0.1.7')),
    );
    fc.assert(
      fc.property(any, (addresses) => {
        const once = hidden(addresses.join(' '));
        expect(hidden(once)).toBe(once);
        expect(new Set(once.split(' ')).size).toBe(new Set(addresses.join(' ').split(' ')).size);
      }),
    );
  });

  it('exist for IPv6, in text and as the kernel prints it; addresses of one /64 stay in one', () => {
    fc.assert(
      fc.property(host6, (address) => {
        const given = hidden(address);
        expect(isIPv6(given)).toBe(true);
        expect(given).toMatch(/^2001:db8:0:1::1$/);
        const digits = address
          .split(':')
          .map((word) => word.padStart(4, '0'))
          .join('')
          .toUpperCase();
        const swapped = digits.replace(/.{8}/g, (word) => (word.match(/../g) ?? []).reverse().join(''));
        expect(hidden(`${swapped}:0016`)).toBe('B80D0120010000000000000001000000:0016');
        expect(hidden(`${digits}:0016`, 'big')).toBe('20010DB8000000010000000000000001:0016');
      }),
    );
    expect(hidden('fd00:1::5 fd00:1:0:0::6 fd00:2::5%eth0 FD00:1::5')).toBe(
      '2001:db8:0:1::1 2001:db8:0:1::2 2001:db8:0:2::1%eth0 2001:db8:0:1::1',
    );
  });

  it.each([
    'localhost 127.0.0.1 127.0.1.1 0.0.0.0 ::1 :: ::ffff:127.0.0.1',
    'mask 255.255.255.0 255.255.254.0 and 224.0.0.251 ff02::1',
    'alation-10.0.0.147420 5.14.0-427.13.1.el9 1.2.3.4.5 OpenSSL 3.0.7 1.2.3 256.1.1.1 10.0.0.256',
    '12:30:45 2026-01-31T02:00:00Z aa:bb:cc:dd:ee:ff std::string SHA256:abc 00000000:0000 0100007F:0016',
    '7c1f0a52-3d0e-4b8e-9a57-2f6f0c1a9d11 0123456789abcdef0123456789abcdef 2026-01-31-02',
  ])('are not given to what is no host: %s', (text) => {
    expect(hidden(text)).toBe(text);
  });

  it('are not given to an installed build', () => {
    expect(hidden('app-5.17.1.102 on 10.0.0.1', 'little', ['5.17.1.102'])).toBe('app-5.17.1.102 on 198.18.1.1');
    expect(hidden('app-5.17.1.102 on 10.0.0.1')).toBe('app-198.18.1.1 on 198.18.2.1');
  });

  it('come from the reserved block for a host with more peers than the first block has networks', () => {
    const peers = Array.from({ length: 1000 }, (_, at) => `20.${at >> 8}.${at & 255}.7`);
    const given = hidden(peers.join(' ')).split(' ');
    expect(new Set(given).size).toBe(1000);
    expect(given.filter((one) => one.startsWith('198.'))).toHaveLength(511);
    expect(given.filter((one) => one.startsWith('240.'))).toHaveLength(489);
  });
});
