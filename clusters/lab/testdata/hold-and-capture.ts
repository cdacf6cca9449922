import { startLab } from '../lab.ts';

// Holds a lab with a command under way until it is killed; says on one line where ssh's configuration lies.
const lab = await startLab({ nodes: 2 });
const capture = await lab.wire.shell.start(['tcpdump', '-Z', 'root', '-n', '-i', lab.wire.interface]);
await capture.ready(/listening on/);
console.log(lab.sshConfig);
await lab.gone;
