import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { shellContract } from '../proc/shell-contract.ts';
import { type Kube, openKube } from './kube.ts';
import { podShell } from './pod-shell.ts';
import { type ApiServer, startApiServer } from './testdata/api-server.ts';

const PLACE = { namespace: 'x', pod: 'p', container: 'c' };

let folder: string;
let server: ApiServer;
let kube: Kube;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ww-pod-shell-'));
  server = await startApiServer({ objects: [] });
  const kubeconfig = join(folder, 'kubeconfig');
  await writeFile(kubeconfig, server.kubeconfig);
  kube = await openKube({ kubeconfig });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

describe('a container by exec, over a websocket of an API server', () => {
  for (const { title, verify } of shellContract) test(title, () => verify(podShell(kube, PLACE)));
});
