import { generateKeyPairSync, randomBytes } from 'node:crypto';

/** An ssh identity for one lab. */
export interface SshKey {
  /** `ssh-ed25519 AAAA…` as in authorized_keys and known_hosts. */
  readonly publicLine: string;
  /** For the OpenSSH client (PROTOCOL.key, unencrypted). */
  readonly openssh: string;
  /** For the dropbear server: string("ssh-ed25519"), string(seed || public). */
  readonly dropbear: Buffer;
}

/** Create an ed25519 key without a tool. */
export function makeSshKey(comment: string): SshKey {
  const jwk = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  const seed = Buffer.from(jwk.d ?? '', 'base64url');
  const pub = Buffer.from(jwk.x ?? '', 'base64url');
  const pair = Buffer.concat([seed, pub]);
  const blob = Buffer.concat([sshString('ssh-ed25519'), sshString(pub)]);
  const check = randomBytes(4);
  const secret = Buffer.concat([check, check, sshString('ssh-ed25519'), sshString(pub), sshString(pair), sshString(comment)]);
  const padding = Buffer.from(Array.from({ length: (8 - (secret.length % 8)) % 8 }, (_, index) => index + 1));
  const one = Buffer.from([0, 0, 0, 1]);
  const none = sshString('none');
  const body = [
    Buffer.from('openssh-key-v1\0'),
    none,
    none,
    sshString(''),
    one,
    sshString(blob),
    sshString(Buffer.concat([secret, padding])),
  ];
  const text = Buffer.concat(body).toString('base64').replaceAll(/.{70}/g, '$&\n');
  return {
    publicLine: `ssh-ed25519 ${blob.toString('base64')}`,
    openssh: `-----BEGIN OPENSSH PRIVATE KEY-----\n${text}\n-----END OPENSSH PRIVATE KEY-----\n`,
    dropbear: Buffer.concat([sshString('ssh-ed25519'), sshString(pair)]),
  };
}

/** RFC 4251 §5 `string`: length as 32 bits big endian, then the bytes. */
function sshString(value: string | Buffer): Buffer {
  const bytes = Buffer.from(value as string);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
