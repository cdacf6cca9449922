import { gzipSync } from 'node:zlib';

/** A file with a secret in it, to prove that a scanner finds it. Exists only in memory. */
export interface Plant {
  /** `<kind of file>: <form of the secret>`. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

const LINE = 19;

/** The text forms in which the scanner must find a secret. */
function textForms(secret: Buffer): Readonly<Record<string, string>> {
  const hex = secret.toString('hex');
  const base64 = secret.toString('base64');
  return {
    hex,
    'upper-case hex': hex.toUpperCase(),
    'hex with colons': hex.match(/../g)?.join(':') ?? '',
    'hex over lines': broken(hex),
    base64,
    'base64 inside a longer text': Buffer.concat([Buffer.from('key='), secret, Buffer.from(';')]).toString('base64'),
    'URL-safe base64': secret.toString('base64url'),
    'base64 over lines': broken(base64),
    'decimal array': `[${[...secret].join(', ')}]`,
    'decimal array over lines': `[\n  ${[...secret].join(',\n  ')}\n]`,
    'hex with commas':
      hex
        .match(/../g)
        ?.map((byte) => `0x${byte}`)
        .join(', ') ?? '',
    'escaped bytes': hex.replace(/../g, '\\x$&'),
    'URL escapes': hex.replace(/../g, '%$&'),
    'gzip in base64': gzipSync(`key ${hex} end`).toString('base64'),
    'release of Helm': Buffer.from(gzipSync(JSON.stringify({ manifest: `data:\n  keys: ${base64}\n` })).toString('base64')).toString(
      'base64',
    ),
    'hex in base64': Buffer.from(`3+ rfc4106(gcm(aes)) ${hex} 128`).toString('base64'),
  };
}

function broken(text: string): string {
  return text.match(new RegExp(`.{1,${LINE}}`, 'g'))?.join('\n') ?? '';
}

/** A secret of 16 bytes or more, in every kind of file of a pack, in every form possible in that kind. */
export function plantsOf(secret: Uint8Array): Plant[] {
  const raw = Buffer.from(secret);
  const plants: Plant[] = [];
  const add = (kind: string, form: string, content: string | Uint8Array): void => {
    plants.push({ name: `${kind}: ${form}`, bytes: Buffer.from(content as string) });
  };
  for (const [form, text] of Object.entries(textForms(raw))) {
    add('text', form, `before\n\t${text}\nafter\n`);
    add('text in UTF-16', form, Buffer.from(`before ${text} after`, 'utf16le'));
    add('JSON', form, JSON.stringify({ before: 'x', value: text, after: 1 }));
    add(
      'JSON with escapes',
      form,
      JSON.stringify([text]).replace(/[+/=]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`),
    );
    add('HTML', form, `<p class="a">${text.replaceAll('\n', '<br>\n')}</p>`);
    add('HTML with entities', form, `<p>${text.replace(/[+/=:]/g, (c) => `&#${c.charCodeAt(0)};`)}</p>`);
    add('HTML with marks', form, `<p>${text.slice(0, 9)}<mark>${text.slice(9, 14)}</mark>${text.slice(14)}</p>`);
    add('capture', form, capture(Buffer.from(text)));
    add('gzip', form, gzipSync(`before ${text} after`));
  }
  add('capture', 'raw', capture(raw));
  add('gzip', 'raw', gzipSync(raw));
  add('octets', 'raw', Buffer.concat([Buffer.alloc(33, 7), raw, Buffer.alloc(21, 9)]));
  return plants;
}

/** A pcap file with one Ethernet frame, IPv4, UDP and this payload. */
function capture(payload: Uint8Array): Buffer {
  const frame = Buffer.concat([Buffer.from('02000000000102000000000208004500', 'hex'), Buffer.alloc(26, 1), payload]);
  const head = Buffer.alloc(40);
  head.writeUInt32LE(0xa1b2c3d4, 0);
  head.writeUInt16LE(2, 4);
  head.writeUInt16LE(4, 6);
  head.writeUInt32LE(262_144, 16);
  head.writeUInt32LE(1, 20);
  head.writeUInt32LE(frame.length, 32);
  head.writeUInt32LE(frame.length, 36);
  return Buffer.concat([head, frame]);
}
