import type { SecretAlgorithm } from '../../agent-items.ts';

/** Key lengths in bits that the kernel accepts; a GCM key includes 32 bits of salt, a CCM key 24. */
const KEY_BITS: Readonly<Record<string, readonly number[]>> = {
  'rfc4106(gcm(aes))': [160, 224, 288],
  'rfc4309(ccm(aes))': [152, 216, 280],
  'rfc7539esp(chacha20,poly1305)': [288],
  'cbc(aes)': [128, 192, 256],
  'rfc3686(ctr(aes))': [160, 224, 288],
  'cbc(des3_ede)': [192],
  'hmac(md5)': [128],
  'hmac(sha1)': [160],
  'hmac(sha256)': [256],
  'hmac(sha384)': [384],
  'hmac(sha512)': [512],
};

const NO_CIPHER = /null|rfc4543/;

/** The rules that an algorithm and its key violate, as text. */
export function algorithmProblems(role: 'aead' | 'auth' | 'enc', algorithm: SecretAlgorithm): string[] {
  const { name, bits, icvBits } = algorithm;
  const problems: string[] = [];
  const allowed = KEY_BITS[name];
  if (bits === 0) problems.push(`the ${role} key of ${name} could not be read: not an even number of hex digits`);
  else if (allowed === undefined) problems.push(`the ${role} algorithm ${name} is not known: its key length was not checked`);
  else if (!allowed.includes(bits)) problems.push(`the ${role} key of ${name} has ${bits} bits, not ${allowed.join(' or ')}`);
  if (role !== 'auth' && NO_CIPHER.test(name)) problems.push(`the ${role} algorithm ${name} does not encrypt`);
  // Cilium's loader (LoadIPSecKeys, parseKeyfile) recognises an AEAD line by this prefix and accepts only these tag lengths.
  if (role === 'aead' && !name.startsWith('rfc')) problems.push(`the aead algorithm ${name} does not begin with rfc`);
  if (role === 'aead' && !(icvBits === 96 || icvBits === 128 || icvBits === 256))
    problems.push(`the ICV has ${icvBits ?? 'no number of'} bits, not 96, 128 or 256`);
  return problems;
}

/** The id: 1 to 15, because it is the SPI and four bits of the mark. */
export function idProblems(id: number | null): string[] {
  if (id === null) return ['missing IPSec key or invalid format: the line does not begin with a key id'];
  if (id === 0) return ['zero is not a valid key ID'];
  return id > 15 ? [`encryption key space exhausted: ID must be nonzero and less than 16, not ${id}`] : [];
}
