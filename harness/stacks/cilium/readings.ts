import type { Readings } from '../readings.ts';
import { decodeCiliumConfig } from './decode/cilium-config.ts';
import { decodeCiliumNodes } from './decode/cilium-nodes.ts';
import { decodeCiliumStatus } from './decode/cilium-status.ts';
import { decodeCiliumVersion } from './decode/cilium-version.ts';
import { decodeConfigDrift } from './decode/config-drift.ts';
import { decodeDropCounters } from './decode/drop-counters.ts';
import { decodeEncryptStatus } from './decode/encrypt-status.ts';
import { decodeHubbleFlows } from './decode/hubble-flows.ts';
import { decodeIpcache } from './decode/ipcache.ts';
import { decodeKeySecret } from './decode/key-secret.ts';
import { tunnelPortsOf } from './decode/tunnel-port.ts';
import { decodeKeyCopy } from './key-copy.ts';
import { decodeKeyCreated } from './key-created.ts';

/** Outputs of agents and objects, by the collectors of `collect.ts`; these names are in recordings. */
export const READINGS: Readings = {
  agentVersion: { collector: 'cilium-version', decode: decodeCiliumVersion },
  agentStatus: { collector: 'cilium-status', decode: decodeCiliumStatus },
  encryptionStatus: { collector: 'encrypt-status', decode: decodeEncryptStatus },
  drops: { collector: 'drop-counters', decode: decodeDropCounters },
  agentConfig: { collector: 'cilium-config', decode: decodeCiliumConfig },
  configDrift: { collector: 'config-drift', decode: decodeConfigDrift },
  addressMap: { collector: 'ipcache', decode: decodeIpcache },
  flowLog: { collector: 'hubble-encrypted', decode: decodeHubbleFlows },
  nodeObjects: { collector: 'cilium-nodes', decode: decodeCiliumNodes },
  publishedKeys: /(?<=wg-pub-key["']?: *["']?)[A-Za-z0-9+/]{43}=/g,
  keySecret: { collector: 'key-secret', decode: (text) => decodeKeySecret(text) },
  keyCopy: { collector: 'key-secret-copy', decode: decodeKeyCopy },
  keyCreated: { collector: 'key-secret-created', decode: decodeKeyCreated },
  configMap: { collector: 'cilium-config-map', decode: decodeCiliumConfig },
  tunnelPorts: tunnelPortsOf,
  health: { agent: 'Cilium', others: ['KVStore', 'Kubernetes'] },
};
