/** Keys of a YAML file, as Java programs read one. */
import { pickingProbe } from './answer.js';
import { propertiesLeaves } from './properties.js';
import { yamlLeaves } from './yaml.js';

/**
 * `keys` has the picked values by name: what the file says, or the pick's default (`defaulted` names those). A key that is in
 * neither is named in `absent` alone. A placeholder, a spelling that not every program takes, or a file that cannot be parsed is
 * no value, and the whole is not read.
 */
export const yamlFile = pickingProbe('yaml-file', 'The asked keys of a YAML file, secrets as tokens', yamlLeaves);

/** As `yaml-file`; values are texts unless a pick's `type` turns them into something else. */
export const properties = pickingProbe(
  'properties',
  'The asked keys of a Java properties file, secrets as tokens',
  propertiesLeaves,
);
