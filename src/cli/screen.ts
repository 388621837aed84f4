/** Whether what is written is seen in colours, and how wide it may be: of a terminal what it has, of a file what was asked for. */

/** How a text is to look. */
export interface Screen {
  color: boolean;
  columns: number;
}

/**
 * The screen behind stdout. Colours are for a terminal without NO_COLOR, unless `--color` or `--no-color` decides; a text that goes
 * to a file (`path`) has none, and one that goes elsewhere than to a terminal has COLUMNS, or else the `usual` width.
 */
export function screenOf({
  path,
  wantColor,
  usual = 100,
}: {
  path?: string | undefined;
  wantColor?: boolean | undefined;
  usual?: number;
}): Screen {
  const { isTTY, columns } = process.stdout;
  const onTerminal = path === undefined && isTTY === true;
  return {
    color: path === undefined && (wantColor ?? (onTerminal && !process.env.NO_COLOR)),
    columns: onTerminal ? columns || 80 : Number(process.env.COLUMNS) || usual,
  };
}
