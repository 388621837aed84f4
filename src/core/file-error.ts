/** What the system says of a file or folder that it did not let be read or written, in words for people. */

/** Why a file, or a folder, was not read: a clause that follows its name. */
export function whyUnread(error: unknown, what: 'file' | 'folder' = 'file'): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return `there is no such ${what}`;
  if (code === 'EISDIR') return 'is a folder, not a file';
  if (code === 'ENOTDIR')
    return what === 'file' ? 'there is no such file: a file is in the place of its folder' : 'is no folder';
  return `cannot be read: ${systemReason(error)}`;
}

/** Whether nothing is at a path: neither a file nor, because a file is in the place of its folder, can one be. */
export function isNotThere(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');
}

/** The system's words without its code, its call and the name of the file beside the target. */
export function systemReason(error: unknown): string {
  return (error as Error).message.replace(/^\w+: /, '').replace(/, \w+( '.*)?$/s, '');
}
