/** Findings that stay unknown together, because they rest on the same thing. */

/** What compares the hosts: worthless while they may be one machine, and not known while one of them is silent. */
export const comparisonsUnknown = {
  'alation/not-clones': 'unknown',
  'alation/same-version': 'unknown',
  'alation/data-partition-same-size': 'unknown',
  'alation/install-space-same-size': 'unknown',
  'alation/backup-partition-same-size': 'unknown',
  'alation/same-operating-system': 'unknown',
  'alation/same-kernel': 'unknown',
  'alation/same-cpu-count': 'unknown',
  'alation/same-memory': 'unknown',
  'alation/same-architecture': 'unknown',
  'alation/same-timezone': 'unknown',
  'alation/clock-offset': 'unknown',
  'alation/roles-not-swapped': 'unknown',
  'alation/network-quality [primary->secondary]': 'unknown',
  'alation/network-quality [secondary->primary]': 'unknown',
  'alation/ha-ports-reachable [22 primary->secondary]': 'unknown',
  'alation/ha-ports-reachable [5432 primary->secondary]': 'unknown',
  'alation/ha-ports-reachable [22 secondary->primary]': 'unknown',
  'alation/ha-ports-reachable [5432 secondary->primary]': 'unknown',
  'alation/ha-ports-proven [22 primary->secondary]': 'unknown',
  'alation/ha-ports-proven [5432 primary->secondary]': 'unknown',
  'alation/ha-ports-proven [22 secondary->primary]': 'unknown',
  'alation/ha-ports-proven [5432 secondary->primary]': 'unknown',
} as const;

/** The Secondary's own file names no data disk that is there: one finding says so, and what rests on the disk does not apply. */
export const dataDiskMissing = {
  'alation/data-disk-cache [secondary]': 'fail',
  'alation/data-partition-same-size': 'skip',
  'alation/data-and-backup-on-separate-devices [secondary]': 'skip',
  'alation/backup-space-ratio [secondary]': 'skip',
  'alation/roles-not-swapped': 'skip',
  'alation/secondary-data-at-risk': 'skip',
} as const;

const rootOn = (host: 'primary' | 'secondary') => ({
  [`alation/host-access [${host}]`]: 'unknown' as const,
  [`alation/data-disk-cache [${host}]`]: 'unknown' as const,
  [`alation/backup-disk-cache [${host}]`]: 'unknown' as const,
  [`alation/services-started [${host}]`]: 'unknown' as const,
  [`alation/standalone-mode [${host}]`]: 'unknown' as const,
  [`alation/data-and-backup-on-separate-devices [${host}]`]: 'unknown' as const,
  [`alation/backup-space-ratio [${host}]`]: 'unknown' as const,
});

/** What only root reads on the Secondary; sizes of the disks are compared by the paths that root read. */
export const secondaryWithoutRoot = {
  ...rootOn('secondary'),
  'alation/same-version': 'unknown',
  'alation/data-partition-same-size': 'unknown',
  'alation/backup-partition-same-size': 'unknown',
  'alation/roles-not-swapped': 'unknown',
  'alation/secondary-data-at-risk': 'unknown',
} as const;

/** Without root on either host the release is not known either, so what depends on it is open. */
export const noRootAnywhere = {
  ...rootOn('primary'),
  ...secondaryWithoutRoot,
  'alation/install-space-same-size': 'unknown',
  'alation/install-space-free [primary]': 'unknown',
  'alation/install-space-free [secondary]': 'unknown',
  'alation/ha-ports-reachable [27017 primary->secondary]': 'unknown',
  'alation/ha-ports-reachable [27017 secondary->primary]': 'unknown',
  'alation/ha-ports-proven [27017 primary->secondary]': 'unknown',
  'alation/ha-ports-proven [27017 secondary->primary]': 'unknown',
  'alation/backup-recent': 'unknown',
  'alation/backup-v2-kept': 'unknown',
  'alation/primary-protection-kept': 'unknown',
  'alation/key-exchange-script [primary]': 'unknown',
  'alation/key-exchange-script [secondary]': 'unknown',
  'alation/postgres-inline-size': 'unknown',
} as const;

/** What is left open when the Secondary cannot be reached: everything but what the Primary alone tells. */
export const secondarySilent = {
  ...rootOn('secondary'),
  ...comparisonsUnknown,
  'alation/two-machines': 'unknown',
  'alation/address-on-interface [secondary]': 'unknown',
  'alation/install-space-free [secondary]': 'unknown',
  'alation/memory-minimum [secondary]': 'unknown',
  'alation/screen-available': 'unknown',
  'alation/secondary-data-at-risk': 'unknown',
} as const;
