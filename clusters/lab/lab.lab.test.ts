import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { run } from '../../harness/proc/run.ts';
import { shellContract } from '../../harness/proc/shell-contract.ts';
import { type Lab, startLab } from './lab.ts';
import { missingRequirements } from './requirements.ts';

const missing = (await missingRequirements()).map(({ program }) => program);

/** Whether anything still listens there. */
async function answers(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  const outcome = await Promise.race([once(socket, 'connect').then(() => true), once(socket, 'error').then(() => false)]).catch(
    () => false,
  );
  socket.destroy();
  return outcome;
}

async function goneWithin(limitMs: number, folder: string): Promise<boolean> {
  for (const end = performance.now() + limitMs; performance.now() < end; await delay(50)) if (!existsSync(folder)) return true;
  return false;
}

const portOf = async (sshConfig: string) => Number(/^Port (\d+)$/m.exec(await readFile(sshConfig, 'utf8'))?.[1]);

describe.skipIf(missing.length > 0)(`a lab of two nodes${missing.length > 0 ? ` (this machine lacks ${missing.join(', ')})` : ''}`, () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await startLab({ nodes: 2 });
  }, 600_000);
  afterAll(async () => {
    const folder = dirname(lab.sshConfig);
    const port = await portOf(lab.sshConfig);
    await lab[Symbol.asyncDispose]();
    expect(existsSync(folder)).toBe(false);
    expect(await answers(port)).toBe(false);
  });

  describe.each(['root', 'node', 'pod'])('shell of the %s', (place) => {
    const shell = () => (place === 'root' ? lab.root : place === 'node' ? lab.host('node1') : lab.pod('endor/xwing-1'));
    for (const { title, verify } of shellContract) test(title, () => verify(shell()));
  });

  test('its clock is ours, to within a tenth of a second or what the questions took', () => {
    const { low, high } = lab.clockOffset;
    expect(low).toBeLessThanOrEqual(high);
    expect(Math.abs((low + high) / 2)).toBeLessThan(100 + (high - low));
  });

  test('says what it is', () => {
    expect(lab.description.environmentClass).toBe('lab');
    expect(Object.keys(lab.description.versions)).toEqual(['kernel', 'iproute2', 'tcpdump', 'wireguard-tools']);
    expect(new Set(lab.description.nodes.map((node) => node.bootId)).size).toBe(2);
  });

  test('nodes reach each other over the wire, and a capture there shows it with its closing counters', async () => {
    const file = join(tmpdir(), `ww-lab-test-${process.pid}.pcap`);
    const capture = await lab.wire.shell.start(
      ['tcpdump', '-Z', 'root', '-n', '-U', '--immediate-mode', '-i', lab.wire.interface, '-w', '-', 'icmp'],
      { stdoutFile: file },
    );
    try {
      await capture.ready(/listening on br-lab/);
      expect((await lab.host('node1').run(['ping', '-c', '3', '-i', '0.2', '172.18.0.2'])).exitCode).toBe(0);
      const result = await capture.stop();
      expect(result.exitCode).toBe(0);
      expect(result.stderr).toMatch(/^6 packets captured\n6 packets received by filter\n0 packets dropped by kernel$/m);
      expect((await readFile(file)).length).toBe(24 + 6 * (16 + 98));
    } finally {
      await rm(file, { force: true });
    }
  });

  test('nothing inside a node sees the wire itself, and the guest has no way out', async () => {
    expect((await lab.host('node1').run(['ip', 'link', 'show', 'br-lab'])).exitCode).not.toBe(0);
    expect((await lab.root.run(['dash', '-c', 'socat -u -T 3 TCP:10.99.0.2:22,connect-timeout=3 -'])).exitCode).not.toBe(0);
  });

  test('pods of one node reach each other over HTTP; the death star answers as in the demo', async () => {
    const ask = (method: string, path: string) =>
      lab
        .pod('default/pod-worker')
        .run(['dash', '-c', `printf '${method} ${path} HTTP/1.0\\r\\nContent-Length: 1\\r\\n\\r\\nx' | socat -t 5 - TCP:10.0.1.11:80`]);
    const landed = await ask('POST', '/v1/request-landing');
    expect(landed.stdout).toMatch(/^HTTP\/1\.[01] 200 OK\r\n.*X-Backend: deathstar-1\r\n.*\r\n\r\nShip landed\n$/s);
    expect((await ask('PUT', '/v1/exhaust-port')).stdout).toMatch(/^HTTP\/1\.[01] 500 /);
  });

  test('the service address leads a pod and its node to a backend', async () => {
    for (const shell of [lab.pod('default/pod-worker'), lab.host('node1')]) {
      // Of two backends only the one on this node is reached before a datapath is laid; they take turns.
      const asks = await Promise.all(
        [1, 2].map(() =>
          shell.run(['dash', '-c', `printf 'GET / HTTP/1.0\\r\\n\\r\\n' | socat -t 3 - TCP:10.96.0.10:80,connect-timeout=3`]),
        ),
      );
      expect(asks.some((ask) => /X-Backend: deathstar-1/.test(ask.stdout))).toBe(true);
    }
  });

  test('the UDP echo answers', async () => {
    const said = await lab.host('node1').run(['dash', '-c', 'echo hello | socat -t 1 - UDP:172.18.0.2:9000']);
    expect(said.stdout).toBe('hello\n');
  });

  test('a node or pod that is not there is named with those that are', () => {
    expect(() => lab.host('node9')).toThrow('the lab has no node node9, only node1, node2');
    expect(() => lab.pod('endor/falcon')).toThrow(/the lab has no pod endor\/falcon, only endor\/deathstar-1/);
  });
});

describe.skipIf(missing.length > 0)('the end of a lab', () => {
  test('a parent killed with SIGKILL leaves no process, no port and no folder', async () => {
    const holder = spawn(process.execPath, [join(import.meta.dirname, 'testdata', 'hold-and-capture.ts')], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines = createInterface({ input: holder.stdout })[Symbol.asyncIterator]();
    const sshConfig = String((await lines.next()).value);
    const folder = dirname(sshConfig);
    const port = await portOf(sshConfig);
    expect(await answers(port)).toBe(true);
    holder.kill('SIGKILL');
    expect(await goneWithin(10_000, folder)).toBe(true);
    expect(await answers(port)).toBe(false);
    // Its folder goes before the last of its processes.
    await expect.poll(async () => (await run(['pgrep', '-f', folder])).stdout).toBe('');
  });

  test('an abort while it boots rejects with the reason and leaves no folder', async () => {
    const controller = new AbortController();
    const progress = (line: string) => {
      if (line.startsWith('booting')) setImmediate(() => controller.abort(new Error('changed my mind')));
    };
    // A temporary folder of its own: whatever is left in it is ours.
    const before = process.env.TMPDIR;
    const own = await mkdtemp(join(tmpdir(), 'ww-t-'));
    process.env.TMPDIR = own;
    try {
      await expect(startLab({ nodes: 2, signal: controller.signal, progress })).rejects.toThrow(/changed my mind/);
      expect(await readdir(own)).toEqual([]);
      expect((await run(['pgrep', '-f', `${own}/`])).stdout).toBe('');
    } finally {
      if (before === undefined) delete process.env.TMPDIR;
      else process.env.TMPDIR = before;
      await rm(own, { recursive: true });
    }
  });

  test('a command that runs when the machine goes rejects as a lost connection', async () => {
    const lab = await startLab({ nodes: 1, manifests: [] });
    const running = lab.host('node1').run(['sleep', '60']);
    const lost = expect(running).rejects.toThrow(/node1: the connection was lost while `sleep 60` ran/);
    await lab[Symbol.asyncDispose]();
    await lost;
  });
});
