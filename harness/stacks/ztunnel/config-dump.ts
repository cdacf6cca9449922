import type { Decoded } from '../../decode/decoded.ts';
import { isObject, type JsonObject, objects, parseJson, text as textOf } from '../../decode/kernel/json.ts';
import { allUnparsed } from '../../decode/kernel/lines.ts';
import { certificateOf } from '../../decode/tls/certificate.ts';
import type { ProxyCertificate } from '../readings.ts';

/** The certificates of workloads in a configuration dump (src/admin.rs, CertsDump); one that was not issued has none. */
export function decodeConfigDump(text: string): Decoded<ProxyCertificate> {
  return certificatesIn(text, (entry) => listOf(entry, 'certChain').slice(0, 1));
}

/** The authorities that a ztunnel trusts. */
export function decodeConfigDumpRoots(text: string): Decoded<ProxyCertificate> {
  return certificatesIn(text, (entry) => listOf(entry, 'rootCerts'), '');
}

function certificatesIn(text: string, chosen: (entry: JsonObject) => readonly JsonObject[], identity?: string): Decoded<ProxyCertificate> {
  const dump = parseJson(text);
  if (!isObject(dump) || !Array.isArray(dump.certificates)) return { items: [], unparsed: allUnparsed(text) };
  const items: ProxyCertificate[] = [];
  for (const entry of objects(dump.certificates))
    for (const found of chosen(entry)) {
      const pem = Buffer.from(textOf(found, 'pem') ?? '', 'base64').toString();
      const certificate = certificateOf(pem);
      if (certificate === null) return { items: [], unparsed: allUnparsed(text) };
      items.push({ identity: identity ?? textOf(entry, 'identity') ?? '', certificate, pem });
    }
  return { items, unparsed: [] };
}

function listOf(entry: JsonObject, name: string): readonly JsonObject[] {
  const list = entry[name];
  return Array.isArray(list) ? objects(list) : [];
}
