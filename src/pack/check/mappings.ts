/** Whether what a pack says of plans fits the pack: its probes, their properties and parameters, and its settings. */
import type { Pack } from '../pack.js';
import { usesSettings } from './fact.js';
import { must, mustKnow, type PlaceInPack } from './refuse.js';

/** Refuses a mapping with a dangling name. @throws UsageError with its place */
export function checkMappings(pack: Pack, at: PlaceInPack): void {
  for (const [part, { resources }] of Object.entries(pack.mappings?.terraform ?? {})) {
    for (const [type, list] of Object.entries(resources)) {
      for (const [index, one] of list.entries()) {
        const place = (key: string) => at(['terraform', part, 'resources', type, index, key]);
        const probe = pack.probes.get(one.probe);
        mustKnow(one.probe, [...pack.probes.keys()], place('probe'), 'probe');
        must(
          probe?.on === 'host',
          place('probe'),
          `${one.probe} is asked of two hosts; a plan tells of each by itself`,
        );
        mustKnow(one.property, Object.keys(probe?.value.properties ?? {}), place('property'), 'property');
        for (const name of Object.keys(one.with ?? {}))
          mustKnow(name, Object.keys(probe?.params.properties ?? {}), place('with'), 'parameter');
        usesSettings(pack, one.with ?? {}, place('with'));
        must(
          one.times === undefined || one.may !== 'same-only',
          place('times'),
          'what may only be compared is not calculated with',
        );
      }
    }
  }
}
