/** Plans made by hand after the published format of `terraform show -json`; attributes are those of the provider's published schema. */

/** A resource of a plan, as the format writes one. */
export function resource(
  address: string,
  after: Record<string, unknown> | null,
  more: { actions?: string[]; unknown?: unknown; sensitive?: unknown; deposed?: string; type?: string } = {},
) {
  const [type = '', name = ''] = address.replace(/^(module\.\w+\.)+/, '').split('.');
  return {
    address,
    mode: 'managed',
    type: more.type ?? type,
    name: name.replace(/\[.*$/, ''),
    provider_name: 'registry.terraform.io/hashicorp/aws',
    ...(more.deposed !== undefined && { deposed: more.deposed }),
    change: {
      actions: more.actions ?? ['create'],
      before: null,
      after,
      after_unknown: more.unknown ?? { id: true, arn: true },
      before_sensitive: false,
      after_sensitive: more.sensitive ?? {},
    },
  };
}

/** A plan of some resources. */
export function plan(resources: unknown[], more: Record<string, unknown> = {}) {
  return {
    format_version: '1.2',
    terraform_version: '1.9.8',
    resource_changes: resources,
    configuration: { provider_config: {}, root_module: { resources: [] } },
    timestamp: '2026-11-20T04:41:00Z',
    applyable: true,
    complete: true,
    errored: false,
    ...more,
  };
}

/** A machine. */
export function machine(name: string, more: Record<string, unknown> = {}) {
  return resource(`aws_instance.${name}`, {
    ami: 'ami-0c1ac8a7a1d2e3f40',
    instance_type: 'm5.4xlarge',
    availability_zone: `eu-central-1${name === 'primary' ? 'a' : 'b'}`,
    ebs_optimized: true,
    user_data: null,
    root_block_device: [{ volume_size: 100, volume_type: 'gp3', encrypted: true }],
    tags: { Name: name },
    ...more,
  });
}

/** A volume of so many GiB. */
export function volume(name: string, size: number) {
  return resource(`aws_ebs_volume.${name}`, {
    availability_zone: 'eu-central-1a',
    encrypted: true,
    size,
    type: 'gp3',
    snapshot_id: null,
  });
}

/** A pair that is alike in everything that a plan can tell. */
export function pairPlan() {
  return plan([
    machine('primary'),
    machine('secondary'),
    volume('primary_data', 500),
    volume('secondary_data', 500),
    volume('primary_backup', 750),
    volume('secondary_backup', 750),
  ]);
}

/** The inventory of that pair. */
export const pairInventory = `product: alation
release: "2021.4"
hosts:
  primary:
    address: 10.11.2.60
    declared:
      terraform:
        machine: aws_instance.primary
        installSpace: aws_instance.primary
        dataDisk: aws_ebs_volume.primary_data
        backupDisk: aws_ebs_volume.primary_backup
  secondary:
    address: 10.11.2.61
    declared:
      terraform:
        machine: aws_instance.secondary
        installSpace: aws_instance.secondary
        dataDisk: aws_ebs_volume.secondary_data
        backupDisk: aws_ebs_volume.secondary_backup
`;
