/** What the system says of a file that it did not let be read or written, in words for people. */

/** Why a file was not read: a clause that follows its name. */
export function whyUnread(error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'there is no such file';
  return code === 'EISDIR' ? 'is a folder, not a file' : `cannot be read: ${systemReason(error)}`;
}

/** The system's words without its code, its call and the name of the file beside the target. */
export function systemReason(error: unknown): string {
  return (error as Error).message.replace(/^\w+: /, '').replace(/, \w+( '.*)?$/s, '');
}
