/** For each probe of the engine: parameters, and what a healthy host answers to each of its questions. */
import { fixture } from './outputs.js';

/** Parameters by probe; a probe that is not here takes none. */
export const paramsOf: Record<string, object> = {
  access: { as: 'root' },
  'disk-usage': { path: '/data' },
  file: { path: '/x' },
  filesystem: { path: '/x' },
  http: { url: 'http://localhost:18080/master', address: '10.11.2.60' },
  inventory: { value: 1 },
  link: { path: '/x' },
  listeners: { address: '10.0.0.1' },
  'newest-file': { directory: '/backup', pattern: '*.tar' },
  ping: { address: '10.0.0.1' },
  'port-proof': { ports: [5432], address: '10.0.0.1' },
  postgres: { socket: '/tmp/pg', port: 5432, user: 'shop', database: 'shop', as: 'root' },
  processes: { names: ['java', 'shop.Server'] },
  programs: { names: ['rsync', 'psql'] },
  'rsync-dry-run': {
    ...{ key: '/home/shop/.ssh/id', user: 'shop', address: '10.0.0.2', exclude: [], as: 'root' },
    paths: [{ remote: '/srv/shop', local: '/srv/shop' }],
  },
  'ssh-batch': { key: '/root/.ssh/id', user: 'shop', address: '10.0.0.1', as: 'root' },
  stat: { path: '/x' },
  'tcp-reach': { ports: [22, 5432], address: '10.0.0.1' },
};

const ext4 = 'debian-12/filesystems/ext4';
/** A healthy answer to each question, by probe. */
export const healthy: Record<string, string[]> = {
  access: ['root\n'],
  'boot-id': ['7c1f0a52-3d0e-4b8e-9a57-2f6f0c1a9d11\n'],
  clock: ['1767225600123456789\n'],
  cpu: [fixture('debian-12/stat')],
  'disk-usage': ['1234\t/data\n'],
  file: ['/data\n'],
  filesystem: ['readlink', 'df', 'mountinfo', 'partitions'].map((name) => fixture(`${ext4}/${name}`)),
  'host-key': ['{"kind":"ssh","hostKey":{"type":"ssh-ed25519","sha256":"abc"}}'],
  http: [fixture('debian-12/curl/slash')],
  interfaces: [fixture('debian-12/fib_trie')],
  inventory: [],
  kernel: ['6.1.0-18-amd64\n', 'x86_64\n'],
  link: ['/opt/alpha\n'],
  listeners: [fixture('s390x/tcp'), fixture('s390x/tcp6'), 's390x\n'],
  'machine-id': ['5f0c6a3be1d24c0f9a7d8b3c2e1f4a60\n'],
  memory: [fixture('debian-12/meminfo')],
  'newest-file': ['1767225000 5 /backup/a.tar\n1767221000 7 /backup/b.tar\n', '1767225600\n'],
  'operating-system': [fixture('debian-12/os-release')],
  ping: ['2 packets transmitted, 2 received, 0% packet loss, time 201ms\nrtt min/avg/max/mdev = 0.1/0.2/0.3/0.0 ms\n'],
  'ping-from-here': ['{"sent":3,"received":3,"ms":0.5}'],
  'port-proof': ['via python3\n5432 listening\n5432 accepted\nend\n', 'via bash\n5432 0 3 \nend\n'],
  postgres: [fixture('postgres-15/primary')],
  processes: [fixture('debian-12/ps')],
  programs: ['rsync yes\npsql no\nend\n'],
  'rsync-dry-run': [fixture('debian-12/rsync/differs')],
  'ssh-batch': [''],
  stat: [fixture('debian-12/stat-file')],
  timezone: ['CET +0100\n'],
  'tcp-reach': ['via bash\n22 0 3 \n5432 1 - bash: connect: Connection refused\nend\n'],
};
