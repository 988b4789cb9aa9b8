/**
 * The shapes of bars and points, and how much text fits into them. Nothing here draws.
 *
 * @module
 */

/** The room for names at the left of the lanes. */
export const GUTTER_PX = 108;
/** The height of a row, and where in it the parts of a bar are, in pixels. */
export const ROW_PX = 54;
export const BAR = { topPx: 5, bottomPx: 37, callPx: 18, resultPx: 32, pointPx: 43 };
/** The width of a character of the text, which is monospaced. */
export const CHARACTER_PX = 6.65;
/** From which length on a text is cut in its middle. */
const MIDDLE_CUT_LENGTH_MIN = 10;
const PILL_HEIGHT_PX = 14;
/** One zigzag of the open end of an operation that never returned. */
const ZIGZAG_PX = 4;

/** A bar, whole or with an open end. */
export function barShape(left: number, right: number, top: number, isOpen: boolean): string {
  const [start, end] = [top + BAR.topPx, top + BAR.bottomPx];
  if (!isOpen) return `M${round(left)} ${start}H${round(right)}V${end}H${round(left)}z`;
  const zigzags = `l${ZIGZAG_PX} ${ZIGZAG_PX}l-${ZIGZAG_PX} ${ZIGZAG_PX}`
    .repeat((end - start) / (2 * ZIGZAG_PX));
  return `M${round(left)} ${start}H${round(right)}${zigzags}H${round(left)}z`;
}

/** The frame around the number of a point. */
export function pill(x: number, y: number, half: number): string {
  const radius = PILL_HEIGHT_PX / 2;
  const straight = Math.max(0, 2 * (half - radius));
  const arc = `a${radius} ${radius} 0 0 1 0`;
  return `M${x - straight / 2} ${y - radius}h${straight}${arc} ${PILL_HEIGHT_PX}` +
    `h${-straight}${arc} ${-PILL_HEIGHT_PX}z`;
}

/** Cuts a text to the room that it has. */
export function fit(text: string, roomPx: number): string {
  const length = Math.floor(roomPx / CHARACTER_PX);
  if (length < 2) return "";
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

/** The same, keeping the end of the text too: what is appended stands there. */
export function fitEnds(text: string, roomPx: number): string {
  const length = Math.floor(roomPx / CHARACTER_PX);
  if (length < MIDDLE_CUT_LENGTH_MIN || text.length <= length) return fit(text, roomPx);
  const end = Math.floor(length / 2);
  return `${text.slice(0, length - end - 1)}…${text.slice(-end)}`;
}

/** Rounds to a tenth of a pixel: more cannot be seen. */
export function round(px: number): number {
  return Math.round(px * 10) / 10;
}

/** The columns of a chart, one beside the other, that stand on a line.
 *
 * @param heightPx The height of the columns of `most`. */
export function columnsShape(
  counts: Int32Array,
  { bottom, widthPx, gapPx = 0, heightPx, most }: {
    readonly bottom: number;
    readonly widthPx: number;
    readonly gapPx?: number;
    readonly heightPx: number;
    readonly most: number;
  },
): string {
  let d = "";
  counts.forEach((count, column) => {
    const height = round(count * heightPx / most);
    if (count > 0) d += `M${column * widthPx} ${bottom}v${-height}h${widthPx - gapPx}v${height}z`;
  });
  return d;
}
