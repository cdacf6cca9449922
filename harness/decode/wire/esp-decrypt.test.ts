import { createReadStream, existsSync, globSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readCapture } from './capture.ts';
import { Dissector } from './dissect.ts';
import { decryptEsp, EspDecryptError } from './esp-decrypt.ts';

const CILIUM = fileURLToPath(new URL('../../../../shared/fixtures/cilium/', import.meta.url));

interface Sa {
  key: Buffer;
  esn: boolean;
}

/** Keys of node1's SAs, by `src>dst>spi`; throw-away keys of a recorded lab. */
function associations(file: string): Map<string, Sa[]> {
  const found = new Map<string, Sa[]>();
  for (const block of readFileSync(file, 'utf8').split(/^(?=src )/m)) {
    const head = /^src (\S+) dst (\S+)\s+proto esp spi (0x[0-9a-f]+)/.exec(block);
    const aead = /aead rfc4106\(gcm\(aes\)\) 0x([0-9a-f]+) 128/.exec(block);
    if (!head || !aead) continue;
    const name = `${head[1]}>${head[2]}>${Number(head[3])}`;
    found.set(name, [...(found.get(name) ?? []), { key: Buffer.from(aead[1]!, 'hex'), esn: /flag [^\n]*esn/.test(block) }]);
  }
  return found;
}

describe('ESP of real agents decrypts with their keys', () => {
  const runs = existsSync(CILIUM) ? globSync(`${CILIUM}*ipsec*/base.wire.pcap`).sort() : [];
  test('there are recordings', (ctx) => {
    ctx.skip(!existsSync(CILIUM), 'the fixtures folder is not next to the project');
    expect(runs.length).toBeGreaterThanOrEqual(4);
  });
  for (const run of runs) {
    test(run.slice(CILIUM.length), async () => {
      const sas = associations(`${dirname(run)}/node1/xfrm-state.txt`);
      const dissector = new Dissector();
      const seen = { esp: 0, decrypted: 0, esn: 0, withoutEsn: 0 };
      await readCapture(createReadStream(run), (raw) => {
        const frame = dissector.dissect(raw);
        // A first fragment has no tag.
        if (frame.spi === null || frame.fragmented) return;
        seen.esp++;
        for (const sa of sas.get(`${frame.src}>${frame.dst}>${frame.spi}`) ?? sas.get(`0.0.0.0>${frame.dst}>${frame.spi}`) ?? []) {
          const plain = decryptEsp(frame.payload, sa.key, sa.esn ? { esnHigh: 0 } : {});
          expect(plain).toMatchObject({ spi: frame.spi, sequence: frame.sequence, nextHeader: 4 });
          expect(plain.payload[0]! >> 4).toBe(4);
          expect(Buffer.from(plain.payload).readUInt16BE(2)).toBe(plain.payload.length);
          seen.decrypted++;
          if (sa.esn) seen.esn++;
          else seen.withoutEsn++;
          expect(() => decryptEsp(frame.payload, sa.key, sa.esn ? {} : { esnHigh: 0 })).toThrow(EspDecryptError);
        }
      });
      expect(seen).toMatchObject({ decrypted: seen.esp });
      expect(seen.esp).toBeGreaterThan(10);
    });
  }
});

test('refusals name the limit, never the key', () => {
  expect(() => decryptEsp(new Uint8Array(10), new Uint8Array(20))).toThrow('ESP packet of 10 bytes is shorter than 36');
  expect(() => decryptEsp(new Uint8Array(64), new Uint8Array(21))).toThrow(/key material of 21 bytes/);
  expect(() => decryptEsp(new Uint8Array(64), new Uint8Array(20))).toThrow('tag of ESP packet SPI 0 sequence 0 does not verify');
});
