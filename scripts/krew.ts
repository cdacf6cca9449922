/**
 * Prints the krew manifest of a package: node scripts/krew.ts TARBALL URL > wirewitness.yaml. The URL is the download address of the
 * tarball.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { stringify } from 'yaml';

interface Package {
  readonly version: string;
  readonly description: string;
}

/** @param tarball what `npm pack` made; @throws RangeError for a URL that krew does not accept */
export function krewManifest({ version }: Package, tarball: Uint8Array, url: string): string {
  if (!/^https:\/\/\S+\.tar\.gz$/.test(url)) throw new RangeError(`${url}: krew takes a https URL that ends in .tar.gz`);
  return stringify({
    apiVersion: 'krew.googlecontainertools.github.com/v1alpha2',
    kind: 'Plugin',
    metadata: { name: 'wirewitness' },
    spec: {
      version: `v${version}`,
      homepage: new URL('.', url).href,
      shortDescription: 'Prove what is encrypted between nodes',
      description:
        'Drives traffic between test pods, captures it on every node, and says what the evidence shows of transparent encryption.\n',
      caveats: 'Needs Node.js 24 or newer on the PATH, and once: npm install --omit=dev in the folder of the plugin.\n',
      platforms: [
        {
          selector: { matchExpressions: [{ key: 'os', operator: 'In', values: ['linux', 'darwin'] }] },
          uri: url,
          sha256: createHash('sha256').update(tarball).digest('hex'),
          files: [{ from: 'package/**', to: '.' }],
          bin: 'package/bin/wirewitness',
        },
      ],
    },
  });
}

const [tarball, url] = process.argv.slice(2);
if (import.meta.main) {
  if (tarball === undefined || url === undefined) throw new Error('node scripts/krew.ts TARBALL URL');
  const about = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as Package;
  process.stdout.write(krewManifest(about, readFileSync(tarball), url));
}
