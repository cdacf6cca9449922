/** Process groups that were started and have not ended: none may continue after this process. */
const live = new Set<number>();
let armed = false;

/** Remember a group until {@link forgetGroup}; it is killed when this process exits first. */
export function rememberGroup(pid: number): void {
  live.add(pid);
  if (armed) return;
  armed = true;
  process.on('exit', () => {
    for (const group of live) killGroup(group, 'SIGKILL');
  });
}

/** The group has ended. */
export function forgetGroup(pid: number): void {
  live.delete(pid);
}

/** Signal every process of the group; false when it has no process any more. */
export function killGroup(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(-pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}
