/** What the operating system refused, and what to do. */
const REFUSALS: Readonly<Record<string, readonly [what: string, remedy: string]>> = {
  ENOSPC: ['the disk is full', 'free some space, or name another folder'],
  EDQUOT: ['the quota of this user is used up', 'free some space, or name another folder'],
  EROFS: ['the file system is read-only', 'name another folder'],
  EACCES: ['this user may not do that', 'change its permissions, or name another place'],
  EPERM: ['this user may not do that', 'change its permissions, or name another place'],
  ENOTDIR: ['a part of the path is a file', 'name a folder'],
  EISDIR: ['it is a folder', 'name a file'],
  EEXIST: ['there is a file of this name', 'name another one, or remove it'],
  ENOENT: ['there is no such file or folder', 'check the name'],
  EIO: ['the device failed', 'read the log of the system'],
  EMFILE: ['too many files are open', 'raise the limit (ulimit -n)'],
  ENFILE: ['too many files are open on this machine', 'end other programs'],
};

/**
 * An error of the operating system as one line: the place, what was refused, what to do; undefined for any other error.
 * @param place for an error that names none, for instance that of a stream
 */
export function systemRefusal(error: Error, place = 'this machine'): string | undefined {
  const { code, syscall, path, dest } = error as NodeJS.ErrnoException & { readonly dest?: string };
  const [what, remedy] = REFUSALS[code ?? ''] ?? [];
  if (what === undefined || syscall === undefined) return undefined;
  return `${dest ?? path ?? place}: ${what} (${syscall}: ${code}); ${remedy}`;
}
