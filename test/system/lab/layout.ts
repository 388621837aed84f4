/** Where a build of the product keeps its files. */

/** The product's folders, as the host sees them. */
export interface Layout {
  /** The four-part build, such as 10.0.0.147420. */
  build: string;
  /** The path that commands use: /opt/alation/alation, or /usr/local/alation up to 3.12. */
  root: string;
  /** The folder that `root` leads to, itself or through a link. */
  chroot: string;
}

/** The layout of a build: from 4.0 on `root` is a link to a folder that carries the build in its name. */
export function layoutOf(build: string): Layout {
  const legacy = Number(build.split('.')[0]) < 4;
  const root = legacy ? '/usr/local/alation' : '/opt/alation/alation';
  return { build, root, chroot: legacy ? root : `${root}-${build}` };
}
