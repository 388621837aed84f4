/** What may be wrong with a host's operating system, and what preflight says of it. */
import * as faults from '../faults.js';
import * as obstacles from '../obstacles.js';
import type { Scenario } from '../scenario.js';

const spacesUnknown = {
  'alation/data-disk-cache [secondary]': 'unknown',
  'alation/backup-disk-cache [secondary]': 'unknown',
  'alation/data-partition-same-size': 'unknown',
  'alation/backup-partition-same-size': 'unknown',
  'alation/install-space-same-size': 'unknown',
  'alation/install-space-free [secondary]': 'unknown',
  'alation/roles-not-swapped': 'unknown',
  'alation/secondary-data-at-risk': 'unknown',
  'alation/data-and-backup-on-separate-devices [secondary]': 'unknown',
  'alation/backup-space-ratio [secondary]': 'unknown',
} as const;

const loginShell = (shell: string): Scenario => ({
  name: `${shell} as the login shell`,
  fault: (lab) => {
    for (const host of lab.hosts) faults.setLoginShell(host, shell);
  },
  changes: {},
  exit: 0,
});

export const machineRows: Scenario[] = [
  {
    name: 'a smaller /opt/alation on the Secondary',
    lab: { secondary: { disks: { '/opt/alation': '11G', '/data': '20G', '/backup': '30G' } } },
    changes: { 'alation/install-space-same-size': 'fail' },
    exit: 1,
    says: { 'alation/install-space-same-size': /12884901888.*11811160064/ },
  },
  {
    name: 'a smaller /data on the Secondary',
    lab: { secondary: { disks: { '/opt/alation': '12G', '/data': '19G', '/backup': '30G' } } },
    changes: { 'alation/data-partition-same-size': 'fail' },
    exit: 1,
  },
  {
    name: 'no disk for backups on the Secondary, a plain directory instead',
    lab: { secondary: { disks: { '/opt/alation': '12G', '/data': '20G' } } },
    fault: async (lab) => void (await lab.secondary.exec(['mkdir', '/backup'])),
    changes: {
      'alation/backup-disk-cache [secondary]': 'fail',
      'alation/backup-partition-same-size': 'fail',
      'alation/backup-space-ratio [secondary]': 'fail',
    },
    exit: 1,
  },
  {
    name: 'other memory',
    fault: (lab) => obstacles.cover(lab.secondary, '/proc/meminfo', 'MemTotal:       60000000 kB\n'),
    changes: { 'alation/same-memory': 'fail' },
    exit: 1,
  },
  {
    name: 'too little memory on both, which is a warning',
    fault: async (lab) => {
      for (const host of lab.hosts) await obstacles.cover(host, '/proc/meminfo', 'MemTotal:       16000000 kB\n');
    },
    changes: { 'alation/memory-minimum [primary]': 'fail', 'alation/memory-minimum [secondary]': 'fail' },
    exit: 0,
  },
  {
    name: 'an installation space without the room that is asked for, which is a warning',
    args: ['--set', 'installMinFreeBytes=13000000000'],
    changes: { 'alation/install-space-free [primary]': 'fail', 'alation/install-space-free [secondary]': 'fail' },
    exit: 0,
  },
  {
    name: 'neither screen nor tmux on the Secondary, which is advice',
    fault: async (lab) => void (await obstacles.hidePrograms(lab.secondary, ['screen', 'tmux'])),
    changes: { 'alation/screen-available': 'fail' },
    exit: 0,
  },
  {
    name: 'no `timeout`',
    fault: (lab) => obstacles.hideProgram(lab.secondary, 'timeout'),
    changes: {},
    exit: 0,
  },
  {
    name: 'no bash',
    fault: async (lab) => {
      faults.setLoginShell(lab.secondary, '/bin/sh');
      await obstacles.hideProgram(lab.secondary, 'bash');
    },
    changes: {},
    exit: 0,
  },
  {
    name: 'neither bash nor python3 nor `timeout`',
    fault: async (lab) => {
      faults.setLoginShell(lab.secondary, '/bin/sh');
      for (const program of ['bash', 'timeout', 'python3']) await obstacles.hideProgram(lab.secondary, program);
    },
    changes: {},
    exit: 0,
  },
  loginShell('/bin/csh'),
  {
    name: 'fish as the login shell',
    fault: async (lab) => void (await Promise.all(lab.hosts.map(faults.setFish))),
    changes: {},
    exit: 0,
  },
  loginShell('/bin/ksh'),
  {
    name: '`df` that hangs',
    fault: (lab) => obstacles.replaceProgram(lab.secondary, 'df', 'exec sleep 3600'),
    args: ['--timeout', '4'],
    changes: spacesUnknown,
    exit: 3,
  },
  {
    name: '`df` that hangs where there is no `timeout`',
    fault: async (lab) => {
      await obstacles.replaceProgram(lab.secondary, 'df', 'exec sleep 3600');
      await obstacles.hideProgram(lab.secondary, 'timeout');
    },
    args: ['--timeout', '4'],
    changes: spacesUnknown,
    exit: 3,
  },
  {
    name: '`df` without end',
    fault: (lab) => obstacles.replaceProgram(lab.secondary, 'df', 'exec yes'),
    changes: spacesUnknown,
    exit: 3,
    says: { 'alation/install-space-same-size': /more output than is read/ },
  },
  {
    name: '`ps` without end, as root',
    fault: (lab) => obstacles.replaceProgram(lab.primary, 'ps', "exec yes '1 alation.desktop.ServerServer'"),
    changes: { 'alation/services-started [primary]': 'unknown' },
    exit: 3,
  },
  {
    name: '`df` that is not there',
    fault: (lab) => obstacles.hideProgram(lab.secondary, 'df'),
    changes: spacesUnknown,
    exit: 3,
  },
];
