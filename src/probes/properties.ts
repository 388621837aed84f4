/** Keys of a Java properties file. */
import { pickingProbe } from './config-file/answer.js';
import { propertiesLeaves } from './config-file/properties.js';

/** As `yaml-file`; values are texts unless a pick's `type` turns them into something else. */
export const properties = pickingProbe(
  'properties',
  'The asked keys of a Java properties file, secrets as tokens',
  propertiesLeaves,
);
