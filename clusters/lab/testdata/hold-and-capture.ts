import { startLab } from '../lab.ts';

// Keeps a lab with a running command until it is killed; prints the path of ssh's configuration on one line.
const lab = await startLab({ nodes: 2 });
const capture = await lab.wire.shell.start(['tcpdump', '-Z', 'root', '-n', '-i', lab.wire.interface]);
await capture.ready(/listening on/);
console.log(lab.sshConfig);
await lab.gone;
