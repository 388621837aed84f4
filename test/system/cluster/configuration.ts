/** The product's configuration file, in the form of the distribution: sections, and within `ha:` keys without a prefix. */
import { parse, stringify } from 'yaml';

/** Where the product stands on an instance, and who runs it. */
export const home = '/opt/alien4cloud/alien4cloud';
export const configFile = `${home}/config/alien4cloud-config.yml`;
/** `directories.alien`: the shared file system. */
export const runtime = `${home}/runtime`;
export const user = { name: 'a4c', uid: 4301 };

/** Secrets in the file and in the product's arguments; none may ever stand in an output. */
export const secrets = [
  'PLANTED-key-store',
  'PLANTED-trust-store',
  'PLANTED-admin',
  'PLANTED-ldap',
  'PLANTED-argument',
];

const [keyStoreSecret, trustStoreSecret, adminSecret, ldapSecret] = secrets;

/** The parts of the file that a stand-in acts on. */
export interface Configuration {
  server: { port: number };
  directories: { alien: string };
  elasticSearch: { clusterName: string; hosts: string; client: boolean };
  ha: {
    ha_enabled: boolean;
    consulAgentIp: string;
    consulAgentPort: number;
    instanceIp: string;
    instanceCheckIp?: string;
    healthCheckPeriodInSecond: number;
    consulSessionTTLInSecond?: number;
    consulLockDelayInSecond?: number;
    consul_tls_enabled: boolean;
    keyStorePwd?: string;
    trustStorePwd?: string;
    serverProtocol: string;
    health_disk_space_threshold?: number;
  };
}

/** A key of the file, such as `ha.instanceIp`, to the value that it is to have; undefined takes the key away. */
export type Settings = Record<string, unknown>;

/** The file of a healthy instance. */
export function configurationOf(address: string, searchNodes: readonly string[]): string {
  const comment = '# server section allows configuration of the listening port of the embedded server.\n';
  return (
    comment +
    stringify({
      server: { port: 8088, 'use-forward-headers': true },
      directories: {
        ...{ alien_init: 'init', alien: runtime, csar_repository: 'csar', artifact_repository: 'artifacts' },
        ...{ upload_temp: 'upload', plugins: 'plugins', images: 'images' },
      },
      elasticSearch: {
        ...{ clusterName: 'escluster', local: false, client: true, transportClient: true, resetData: false },
        ...{ hosts: searchNodes.map((node) => `${node}:9300`).join(','), shard_count: 2, replica_count: 1 },
      },
      alien_security: { admin: { ensure: true, username: 'admin', password: adminSecret, email: 'admin@example.com' } },
      ldap: { enabled: false, url: 'ldap://ldap.example.com:389', userDn: 'uid=admin,ou=system', password: ldapSecret },
      ha: {
        ...{ ha_enabled: true, consulAgentIp: 'localhost', consulAgentPort: 8500, instanceIp: address },
        ...{ healthCheckPeriodInSecond: 5, consulSessionTTLInSecond: 60, consulLockDelayInSecond: 0 },
        ...{ lockAcquisitionDelayInSecond: 20, consul_tls_enabled: false },
        ...{ keyStorePath: `${home}/config/ssl/server-keystore.jks`, keyStorePwd: keyStoreSecret },
        ...{ trustStorePath: `${home}/config/ssl/server-truststore.jks`, trustStorePwd: trustStoreSecret },
        ...{ serverProtocol: 'http', health_disk_space_threshold: 10_485_760 },
        ...{ consulQueryTimeoutInMin: 3, consulConnectTimeoutInMillis: 30_000, consulReadTimeoutInMillis: 300_000 },
      },
    })
  );
}

/** The file with some keys changed; its comments are not kept. */
export function withSettings(text: string, settings: Settings): string {
  const file = parse(text) as Record<string, Record<string, unknown>>;
  for (const [path, value] of Object.entries(settings)) {
    const [section = '', key = ''] = path.split('.');
    file[section] ??= {};
    if (value === undefined) delete file[section][key];
    else file[section][key] = value;
  }
  return stringify(file);
}
