import type { EncryptionKeys } from '../../harness/model/cluster.ts';
import { applyScript } from '../datapath/apply.ts';
import { killScript, renewalScript, type TlsContext } from './layout.ts';

/** Milliseconds of load before the certificates of a node are renewed, and while its proxies are off where they are started again. */
const PAUSE_MS = 1000;

/**
 * Renews the certificates of one node's pods after the other, as a mesh does before they expire: the authority issues new ones for new keys,
 * and each running proxy takes its own.
 */
export function renewCertificates(context: TlsContext): NonNullable<EncryptionKeys['rotate']> {
  const { views, pods, renewal, pod, host, certificateOf, start, authority } = context;
  return async (step) => {
    for (const { self } of views) {
      const own = pods.filter(({ node }) => node === self.name);
      const by = renewal.strangers.get(self.name) ?? authority;
      await step('renewing certificates', { node: self.name, pods: own.map(({ name }) => name), waitMs: PAUSE_MS });
      if (renewal.restarted.has(self.name)) {
        await applyScript(host(self.name), killScript(self.name), 'ending the proxies');
        await step('proxies are off', { node: self.name, waitMs: PAUSE_MS });
        await start(own);
      } else if (!renewal.forgotten.has(self.name)) {
        await Promise.all(
          own.map((each) =>
            applyScript(pod(each.name), renewalScript(each, certificateOf(each, { by })), 'renewing the certificate of the proxy'),
          ),
        );
      }
    }
  };
}
