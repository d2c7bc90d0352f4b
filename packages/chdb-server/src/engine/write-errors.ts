/**
 * Errors of a file that cannot be written, by number, in words for a person. A process that has one of its engine's writes
 * fail ends with that number as its exit code.
 */
export const writeErrors: Readonly<Record<number, string>> = {
  5: 'the disk reported an error (EIO)',
  27: 'a file would be larger than this process may write (EFBIG)',
  28: 'the disk is full (ENOSPC)',
  30: 'the file system is read-only (EROFS)',
  122: 'the disk quota is used up (EDQUOT)',
}
